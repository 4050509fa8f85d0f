package dev.pgmedic.style;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.LocationProvider;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Set;
import java.util.stream.Collectors;

/** Holds the arrows between packages. */
@AnalyzeClasses(locations = ArchitectureTest.MainClasses.class)
class ArchitectureTest {
  private static final String[] DOMAIN = {
    "dev.pgmedic.target..",
    "dev.pgmedic.issue..",
    "dev.pgmedic.plan..",
    "dev.pgmedic.task..",
    "dev.pgmedic.event.."
  };

  /** They are how any library may report, and what a class may be; neither reads nor writes. */
  private static final Set<String> NO_WORK =
      Set.of(
          Serializable.class.getName(),
          IOException.class.getName(),
          UncheckedIOException.class.getName());

  private static final DescribedPredicate<JavaClass> INPUT_OR_OUTPUT =
      describe(
          "read or write files or streams",
          type ->
              type.getName().equals(Files.class.getName())
                  || (type.getPackageName().equals("java.io")
                      && !NO_WORK.contains(type.getName())));

  private static final DescribedPredicate<JavaClass> ARE_IN_CORE =
      describe(
          "are in core",
          type ->
              type.getSource()
                  .filter(source -> source.getUri().getPath().contains("/core/target/classes/"))
                  .isPresent());

  @ArchTest
  static final ArchRule theDomainKnowsNoDatabaseNoNetworkAndNoStore =
      noClasses()
          .that()
          .resideInAnyPackage(DOMAIN)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.vertx.sqlclient..",
              "io.vertx.pgclient..",
              "java.net.http..",
              "java.sql..",
              "dev.pgmedic.store..")
          .because("its rules are to be tried in a test without a server")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule theDomainDoesNoInputOrOutput =
      noClasses()
          .that()
          .resideInAnyPackage(DOMAIN)
          .should()
          .dependOnClassesThat(INPUT_OR_OUTPUT)
          .because("its rules are to be tried in a test without a disk")
          .allowEmptyShould(true);

  @ArchTest static final ArchRule theMonitorStandsAlone = doesNotKnow("monitor", "worker", "api");

  @ArchTest static final ArchRule theWorkerStandsAlone = doesNotKnow("worker", "monitor", "api");

  @ArchTest static final ArchRule theApiStandsAlone = doesNotKnow("api", "monitor", "worker");

  @ArchTest
  static final ArchRule theCoreKnowsNoneOfThem =
      noClasses()
          .that(ARE_IN_CORE)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.pgmedic.monitor..",
              "dev.pgmedic.worker..",
              "dev.pgmedic.api..",
              "dev.pgmedic.cli..")
          .because("everything rests on core")
          .allowEmptyShould(true);

  private static ArchRule doesNotKnow(String one, String... others) {
    var packages = new String[others.length];
    for (int i = 0; i < others.length; i++) {
      packages[i] = "dev.pgmedic." + others[i] + "..";
    }
    return noClasses()
        .that()
        .resideInAPackage("dev.pgmedic." + one + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(packages)
        .because("they meet on the event bus and in the store, and nowhere else")
        .allowEmptyShould(true);
  }

  /** The class folders, so that neither test classes nor old jars are looked at. */
  static final class MainClasses implements LocationProvider {
    @Override
    public Set<Location> get(Class<?> testClass) {
      return Repository.mainClasses().stream().map(Location::of).collect(Collectors.toSet());
    }
  }
}
