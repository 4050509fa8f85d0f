package dev.pgmedic.cli;

import static org.assertj.core.api.Assumptions.assumeThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Debian's own browser, driven by Playwright, which fetches none. */
final class Chromium implements AutoCloseable {

  private static final Path PROGRAM = Path.of("/usr/bin/chromium");

  private static final Path ROOT = Path.of(System.getProperty("pgmedic.root", ".."));

  /** Where pictures are left for people to look at. */
  static final Path SHOTS = ROOT.resolve("cli/target/console");

  /** Where the pictures of the manual are. */
  static final Path MANUAL = ROOT.resolve("docs/pictures");

  private static final List<String> ARGUMENTS =
      List.of(
          "--headless",
          "--no-sandbox",
          "--disable-gpu",
          "--disable-quic",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync");

  /** What must come in the end comes within this, also on a machine that is busy. */
  private static final double PATIENCE_MILLIS = 60_000;

  private final Playwright playwright;
  private final Browser browser;

  private Chromium(Playwright playwright, Browser browser) {
    this.playwright = playwright;
    this.browser = browser;
  }

  /** Starts the browser; the test is skipped where there is none. */
  static Chromium start() {
    assumeThat(Files.isExecutable(PROGRAM))
        .as("skipped: chromium is not installed (apt install chromium)")
        .isTrue();
    PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MILLIS);
    Playwright playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    return new Chromium(
        playwright,
        playwright
            .chromium()
            .launch(new LaunchOptions().setExecutablePath(PROGRAM).setArgs(ARGUMENTS)));
  }

  /** What somebody sits at: each width once, and each set of colours. */
  enum Screen {
    DESK(1280, 900, ColorScheme.LIGHT),
    PHONE_AT_NIGHT(390, 844, ColorScheme.DARK);

    private final int width;
    private final int height;
    private final ColorScheme colours;

    Screen(int width, int height, ColorScheme colours) {
      this.width = width;
      this.height = height;
      this.colours = colours;
    }

    ColorScheme colours() {
      return colours;
    }

    /** The colours that it has at another time of day. */
    ColorScheme others() {
      return colours == ColorScheme.LIGHT ? ColorScheme.DARK : ColorScheme.LIGHT;
    }
  }

  /** Somebody opens the console, with a token or without one. */
  ConsolePage open(String base, String token, Screen screen) {
    BrowserContext context =
        browser.newContext(
            new Browser.NewContextOptions()
                .setViewportSize(screen.width, screen.height)
                .setColorScheme(screen.colours)
                .setReducedMotion(ReducedMotion.REDUCE));
    context.setDefaultTimeout(PATIENCE_MILLIS);
    return ConsolePage.open(context, base, token);
  }

  /** Keeps a picture of a page, also in the manual when manuals are written. */
  void picture(String name, String html) {
    try (Page page =
        browser.newPage(
            new Browser.NewPageOptions().setViewportSize(760, 200).setDeviceScaleFactor(1.5))) {
      page.setContent(html);
      for (Path folder :
          Boolean.getBoolean("pgmedic.write") ? List.of(SHOTS, MANUAL) : List.of(SHOTS)) {
        page.screenshot(
            new Page.ScreenshotOptions().setPath(folder.resolve(name + ".png")).setFullPage(true));
      }
    }
  }

  @Override
  public void close() {
    browser.close();
    playwright.close();
  }
}
