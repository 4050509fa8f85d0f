package dev.pgmedic.cli;

import dev.pgmedic.config.Config;
import dev.pgmedic.config.ConfigException;
import dev.pgmedic.issue.Finding;
import dev.pgmedic.lock.MigrationLock;
import dev.pgmedic.target.Recovery;
import dev.pgmedic.target.Target;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which target is planned for, and what of it is to be healed. */
final class PlanOptions {

  @Mixin private final Source source = new Source();

  @Option(
      names = "--target",
      paramLabel = "NAME",
      description = "One target of the file, where it has several.")
  private @Nullable String target;

  @Option(
      names = "--path",
      paramLabel = "FOLDER",
      description = "The migration project, else migrations.directory of the file.")
  private @Nullable Path path;

  @Option(
      names = "--issue",
      paramLabel = "CODE",
      description = {
        "Heals issues of this code too that are healed on",
        "request alone; as CODE:SUBJECT this one alone;",
        "may be given several times."
      })
  private List<String> issues = List.of();

  @Option(names = "--all", description = "Heals all that is healed on request alone, too.")
  private boolean all;

  @Option(
      names = "--wait",
      paramLabel = "TIME",
      description =
          "How long what a migration at work may look like is looked at again while sessions are at"
              + " work; default 15s. 0s tells the first look.")
  private Duration patience = MigrationLock.LONGEST_PAUSE;

  /** How long a fault is looked at again that a migration at work may explain. */
  Duration patience() {
    return patience;
  }

  Config config() {
    return source.read();
  }

  /**
   * The target. Who names a URL has the right to heal what is there; a file says itself which
   * targets may be healed.
   */
  Target target(Config config) {
    Target named = TargetOption.choose(config, target).withDirectory(Optional.ofNullable(path));
    return source.isFile() ? named : named.healedBy(new Recovery(named.url(), List.of()));
  }

  boolean isRequested(Finding finding) {
    String code = finding.code().toString();
    return all || issues.contains(code) || issues.contains(code + ":" + finding.subject());
  }

  /**
   * Refuses a request that names nothing that was found.
   *
   * @throws ConfigException with what could have been named
   */
  void requireFound(List<Finding> findings) {
    for (String issue : issues) {
      boolean found =
          findings.stream()
              .anyMatch(finding ->
                  issue.equals(finding.code().toString())
                      || issue.equals(finding.code() + ":" + finding.subject()));
      if (!found) {
        throw new ConfigException(
            "--issue",
            "expected one of what was found: "
                + findings.stream().map(f -> f.code() + ":" + f.subject()).toList()
                + ", found "
                + issue);
      }
    }
  }
}
