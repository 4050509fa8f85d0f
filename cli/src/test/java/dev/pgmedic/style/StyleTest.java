package dev.pgmedic.style;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds every Java file of the repository to the house style, and the rules to their own word. */
class StyleTest {
  private static List<JavaFile> files;

  @BeforeAll
  static void readAllFiles() {
    files = Repository.javaFiles();
    assertThat(files).as("Java files below " + Repository.ROOT).isNotEmpty();
  }

  @Test
  void filesAndMethodsAreSmall() {
    assertThat(files.stream().flatMap(Shape::violations)).isEmpty();
  }

  @Test
  void nothingBannedIsUsed() {
    assertThat(files.stream().flatMap(Ban::violations)).isEmpty();
  }

  @Test
  void everyPackageSaysWhatItIsForAndIsNullMarked() {
    assertThat(undescribed(files)).isEmpty();
  }

  @Test
  void everyFileIsFormatted() {
    assertThat(files.stream().filter(file -> !isFormatted(file)).map(JavaFile::path))
        .as("files that are not formatted: run `make fmt`")
        .isEmpty();
  }

  @ParameterizedTest
  @MethodSource("wrongSnippets")
  void aWrongSnippetIsReported(String snippet, String report) {
    var file = file("core/src/main/java/dev/pgmedic/A.java", inClass(snippet));

    var violations = Stream.concat(Shape.violations(file), Ban.violations(file)).toList();

    assertThat(violations).singleElement().asString().contains(report);
  }

  static Stream<Arguments> wrongSnippets() {
    return Stream.of(
        arguments(method(61), "61 lines, at most 60"),
        arguments("\n".repeat(400), "lines, at most 400"),
        arguments("void m(int a, int b, int c, int d, int e, int f) {}", "6 parameters"),
        arguments("//" + "x".repeat(99), "more than 100 columns"),
        arguments("long now = System.currentTimeMillis();", "System.currentTimeMillis is banned"),
        arguments("void m() { Thread.sleep(1); }", "A.java:4: Thread.sleep is banned"),
        arguments("void m() { TimeUnit.SECONDS.sleep(1); }", "SECONDS.sleep is banned"),
        arguments("Object o = f().await(1, TimeUnit.SECONDS);", "await is banned"),
        arguments("Promise<Void> p = Promise.promise();", "Promise.promise is banned"),
        arguments("Object o = vertx\n.<Void>executeBlocking(this);", "A.java:5: vertx.exec"),
        arguments("void m(Exception e) { e.printStackTrace(); }", "e.printStackTrace is banned"),
        arguments("void m() { System.out.println(); }", "System.out is banned"),
        arguments("// TO" + "DO later", "leftover mark"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "record R(int a, int b, int c, int d, int e, int f) { R { check(a); } }",
        "@Override public void m(int a, int b, int c, int d, int e, int f) {}",
        "Object o = f().await();",
        "Object o = Awaitility.await(\"a name\");",
        "// adapter: of a callback\nPromise<Void> p = Promise.promise();",
        "String s = \"Thread.sleep(1)\"; // not System.out",
      })
  void aRightSnippetIsNotReported(String snippet) {
    var file = file("core/src/main/java/dev/pgmedic/A.java", inClass(snippet));

    var violations = Stream.concat(Shape.violations(file), Ban.violations(file));

    assertThat(violations).isEmpty();
  }

  @Test
  void theLongestMethodPasses() {
    var file = file("core/src/main/java/dev/pgmedic/A.java", inClass(method(60)));

    var violations = Shape.violations(file);

    assertThat(violations).isEmpty();
  }

  @Test
  void aPackageWithoutADescriptionIsReported() {
    var file = file("core/src/main/java/dev/pgmedic/A.java", inClass(""));

    var undescribed = undescribed(List.of(file));

    assertThat(undescribed).singleElement().asString().contains("dev/pgmedic/ needs");
  }

  @Test
  void anUnformattedFileAndAnUnusedImportAreReported() {
    var indented = file("A.java", "class A {\n    int a;\n}\n");
    var importing = file("A.java", "import java.util.List;\n\nclass A {}\n");

    var formatted = Stream.of(indented, importing).map(StyleTest::isFormatted);

    assertThat(formatted).containsExactly(false, false);
  }

  private static Stream<String> undescribed(List<JavaFile> all) {
    Map<String, Map<String, JavaFile>> packages =
        all.stream()
            .filter(JavaFile::isMain)
            .collect(
                Collectors.groupingBy(
                    JavaFile::folder,
                    TreeMap::new,
                    Collectors.toMap(JavaFile::simpleName, Function.identity())));
    return packages.entrySet().stream()
        .filter(entry -> !isDescription(entry.getValue().get("package-info")))
        .map(entry ->
            entry.getKey()
                + " needs a package-info.java with a Javadoc and @NullMarked: what"
                + " the package is for, and that null is never meant unless it says so");
  }

  private static boolean isDescription(JavaFile file) {
    return file != null
        && file.text().matches("(?s)\\s*/\\*\\*[\\s*]*\\w.*\\*/\\s.*@NullMarked\\s.*");
  }

  private static boolean isFormatted(JavaFile file) {
    try {
      return new Formatter().formatSourceAndFixImports(file.text()).equals(file.text());
    } catch (FormatterException e) {
      throw new IllegalStateException(file.path(), e);
    }
  }

  private static JavaFile file(String path, String text) {
    return JavaFile.parse(path, text);
  }

  private static String inClass(String snippet) {
    return "package dev.pgmedic;\n\nclass A {\n" + snippet + "\n}\n";
  }

  private static String method(int lines) {
    return "void m() {" + "\n".repeat(lines - 1) + "}";
  }
}
