package dev.pgmedic.style;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.issue.IssueCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every fault that a check can find has a page for the person who reads its code. */
@Timeout(10)
class IssuePagesTest {

  private static final Path FOLDER = Path.of(System.getProperty("pgmedic.root"), "docs/issues");

  @ParameterizedTest
  @EnumSource
  void everyCodeHasAPageThatSaysItsSeverity(IssueCode code) throws IOException {
    // When
    String page = Files.readString(FOLDER.resolve(code + ".md"));

    // Then
    assertThat(page).startsWith("# `" + code + "`\n\n" + code.severity());
    assertThat(page).contains("## See it yourself", "## What heals it");
  }

  @Test
  void theListHasEveryPageAndNoOther() throws IOException {
    // When
    String list = Files.readString(FOLDER.resolve("README.md"));

    // Then
    for (IssueCode code : IssueCode.values()) {
      assertThat(list).contains("[`" + code + "`](" + code + ".md) | " + code.severity() + " |");
    }
    try (var files = Files.list(FOLDER)) {
      assertThat(files.count()).isEqualTo(IssueCode.values().length + 1);
    }
  }
}
