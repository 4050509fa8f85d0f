package dev.pgmedic.style;

import static java.util.Objects.requireNonNull;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * A Java file as the compiler's own parser sees it.
 *
 * @param path from the root of the repository
 * @param text all of the file
 * @param packageName empty when the file names none
 * @param methods constructors too
 * @param uses what the file calls, makes or reads, in the order of the text
 */
record JavaFile(
    String path, String text, String packageName, List<Method> methods, List<Use> uses) {

  /**
   * A method or constructor.
   *
   * @param parameters none where the number is not the author's choice: for a record's components,
   *     and for a method that overrides another
   */
  record Method(String name, int line, int lines, int parameters) {}

  /**
   * A call ({@code Thread.sleep}), a new object ({@code new Promise}) or a field that is read
   * ({@code System.out}).
   */
  record Use(String what, int line, int arguments) {}

  static JavaFile parse(String path, String text) {
    var source =
        new SimpleJavaFileObject(URI.create("string:///" + path), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
          }
        };
    var compiler = requireNonNull(ToolProvider.getSystemJavaCompiler(), "needs a JDK");
    // The listener is there because a file that does not parse is the compiler's to report.
    var task = (JavacTask) compiler.getTask(null, null, problem -> {}, null, null, List.of(source));
    try {
      var unit = task.parse().iterator().next();
      var reader = new Reader(unit, Trees.instance(task).getSourcePositions());
      reader.scan(unit, null);
      var name = unit.getPackageName() == null ? "" : unit.getPackageName().toString();
      return new JavaFile(path, text, name, reader.methods, reader.uses);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<String> lines() {
    return text.lines().toList();
  }

  boolean isMain() {
    return path.contains("/src/main/java/");
  }

  String folder() {
    return path.substring(0, path.lastIndexOf('/') + 1);
  }

  String simpleName() {
    return path.substring(path.lastIndexOf('/') + 1).replace(".java", "");
  }

  private static final class Reader extends TreeScanner<Void, ClassTree> {
    private final CompilationUnitTree unit;
    private final SourcePositions positions;
    private final List<Method> methods = new ArrayList<>();
    private final List<Use> uses = new ArrayList<>();

    private Reader(CompilationUnitTree unit, SourcePositions positions) {
      this.unit = unit;
      this.positions = positions;
    }

    @Override
    public Void visitClass(ClassTree tree, ClassTree enclosing) {
      return super.visitClass(tree, tree);
    }

    @Override
    public Void visitMethod(MethodTree tree, ClassTree enclosing) {
      int first = line(positions.getStartPosition(unit, tree));
      int last = line(positions.getEndPosition(unit, tree));
      var overrides =
          tree.getModifiers().getAnnotations().stream()
              .anyMatch(annotation -> annotation.getAnnotationType().toString().equals("Override"));
      var ofRecord =
          enclosing.getKind() == Tree.Kind.RECORD && tree.getName().contentEquals("<init>");
      int parameters = overrides || ofRecord ? 0 : tree.getParameters().size();
      methods.add(new Method(tree.getName().toString(), first, last - first + 1, parameters));
      return super.visitMethod(tree, enclosing);
    }

    @Override
    public Void visitMethodInvocation(MethodInvocationTree tree, ClassTree enclosing) {
      var select = tree.getMethodSelect();
      uses.add(use(flat(select), select, tree.getArguments().size()));
      return super.visitMethodInvocation(tree, enclosing);
    }

    @Override
    public Void visitNewClass(NewClassTree tree, ClassTree enclosing) {
      uses.add(use("new " + flat(tree.getIdentifier()), tree, tree.getArguments().size()));
      return super.visitNewClass(tree, enclosing);
    }

    @Override
    public Void visitMemberSelect(MemberSelectTree tree, ClassTree enclosing) {
      uses.add(use(flat(tree), tree, 0));
      return super.visitMemberSelect(tree, enclosing);
    }

    /** A chain is long and on many lines: its last name is what counts, and where that one is. */
    private Use use(String what, Tree at, int arguments) {
      return new Use(what, line(positions.getEndPosition(unit, at)), arguments);
    }

    private static String flat(Tree tree) {
      return tree.toString().replaceAll("<.*>", "").replaceAll("\\s+", "");
    }

    private int line(long position) {
      return (int) unit.getLineMap().getLineNumber(position);
    }
  }
}
