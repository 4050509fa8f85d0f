package dev.pgmedic.style;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * No Vert.x future is dropped: its failure would be lost with it. Error Prone knows the JDK's
 * futures and what our own methods return; a Vert.x method's is seen only here, in the bytecode,
 * where a dropped value is a call that POP follows.
 */
class IgnoredFutureTest {
  /** They return the future they are called on, and are how one is watched at the edge. */
  private static final Set<String> WATCHERS =
      Set.of("onComplete", "onSuccess", "onFailure", "andThen");

  @Test
  void noFutureIsDropped() {
    var dropped =
        Repository.mainClasses().stream()
            .flatMap(folder -> Repository.files(folder, ".class").stream())
            .flatMap(file -> droppedIn(file).stream());

    assertThat(dropped)
        .as("dropped futures: return them, or watch them with onFailure at the edge")
        .isEmpty();
  }

  @Test
  void aDroppedFutureIsFoundAndAWatchedOneIsNot() throws IOException {
    var name = Specimen.class.getName().replace('.', '/') + ".class";
    try (var bytes = getClass().getClassLoader().getResourceAsStream(name)) {

      var dropped = droppedIn(new ClassReader(bytes));

      assertThat(dropped).singleElement().asString().matches(".*IgnoredFutureTest.java:\\d+: .*");
    }
  }

  private static List<String> droppedIn(Path file) {
    try {
      return droppedIn(new ClassReader(Files.readAllBytes(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> droppedIn(ClassReader reader) {
    var finder = new Finder();
    reader.accept(finder, ClassReader.SKIP_FRAMES);
    return finder.dropped;
  }

  private static boolean isFuture(Type type) {
    if (type.getSort() != Type.OBJECT) {
      return false;
    }
    try {
      var loader = IgnoredFutureTest.class.getClassLoader();
      return Future.class.isAssignableFrom(Class.forName(type.getClassName(), false, loader));
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  private static final class Finder extends ClassVisitor {
    private final List<String> dropped = new ArrayList<>();
    private String source = "";

    private Finder() {
      super(Opcodes.ASM9);
    }

    @Override
    public void visitSource(String file, String debug) {
      source = file;
    }

    @Override
    public MethodVisitor visitMethod(
        int access, String name, String descriptor, String signature, String[] exceptions) {
      return new MethodVisitor(Opcodes.ASM9) {
        private int line;
        private String call = "";

        @Override
        public void visitLineNumber(int number, Label start) {
          line = number;
        }

        @Override
        public void visitMethodInsn(
            int opcode, String owner, String method, String type, boolean ofInterface) {
          var watched = WATCHERS.contains(method);
          call = !watched && isFuture(Type.getReturnType(type)) ? method : "";
        }

        @Override
        public void visitInsn(int opcode) {
          if (opcode == Opcodes.POP && !call.isEmpty()) {
            dropped.add(source + ":" + line + ": the future of " + call + " is dropped");
          }
          call = "";
        }

        @Override
        public void visitVarInsn(int opcode, int index) {
          call = "";
        }
      };
    }
  }

  /** Never run; only its bytecode is read. */
  private static final class Specimen implements Function<Vertx, Future<Void>> {
    @Override
    public Future<Void> apply(Vertx vertx) {
      vertx.timer(1);
      vertx.timer(1).onFailure(failure -> {});
      return vertx.timer(1).mapEmpty();
    }
  }
}
