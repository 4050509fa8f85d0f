package dev.pgmedic.cli;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.pgmedic.postgres.SqlResource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The console as somebody uses it: by what it shows and is called, not by how it is made. */
final class ConsolePage implements AutoCloseable {

  /** The rules of what everybody can use, as a script that is told to the browser, not loaded. */
  private static final String AXE = SqlResource.read(ConsolePage.class, "/axe.min.js");

  private final BrowserContext context;
  private final Page page;
  private final List<String> complaints = new CopyOnWriteArrayList<>();
  private final List<String> loads = new CopyOnWriteArrayList<>();

  private ConsolePage(BrowserContext context, Page page) {
    this.context = context;
    this.page = page;
    page.onPageError(complaints::add);
    page.onDialog(dialog -> {
      complaints.add("a dialog opened: " + dialog.message());
      dialog.dismiss();
    });
    page.onConsoleMessage(message -> {
      // A service that is away, and an answer that refuses, are part of the tests.
      if (message.type().equals("error") && !message.text().startsWith("Failed to load")) {
        complaints.add(message.text());
      }
    });
    page.onLoad(loaded -> loads.add(loaded.url()));
  }

  static ConsolePage open(BrowserContext context, String base, String token) {
    ConsolePage console = new ConsolePage(context, context.newPage());
    console.page.navigate(base + "/");
    if (!token.isEmpty()) {
      console.signIn(token);
    }
    return console;
  }

  /** Another tab of the same browser. */
  ConsolePage tab(String base) {
    return open(context, base, "");
  }

  /** Signs in, by the link or where the page asks for it. */
  void signIn(String token) {
    Locator button = page.getByRole(AriaRole.LINK, named("Sign in"));
    Locator field = page.getByLabel("Token");
    button.or(field).first().waitFor();
    if (!field.isVisible()) {
      button.click();
    }
    field.fill(token);
    page.getByRole(AriaRole.BUTTON, button("Sign in")).click();
    page.getByRole(AriaRole.BUTTON, button("Sign out")).waitFor();
  }

  private static Page.GetByRoleOptions named(String name) {
    return new Page.GetByRoleOptions().setName(name).setExact(true);
  }

  private static Page.GetByRoleOptions button(String name) {
    return named(name);
  }

  /** The page itself, for what only one test asks of it. */
  Page page() {
    return page;
  }

  /** Goes to an address of the console, as a link does. */
  void go(String hash) {
    page.evaluate("hash => { location.hash = hash; }", hash);
  }

  Locator button(String name, boolean exact) {
    return page.getByRole(
        AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(exact));
  }

  Locator link(String name) {
    return page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName(name));
  }

  /** Text that is to be seen: not what is told to screen readers alone. */
  Locator text(String text) {
    return page.locator("main, .banner").getByText(text).first();
  }

  /** What went wrong in the browser so far: errors, refusals by the policy, dialogs. */
  List<String> complaints() {
    return complaints;
  }

  /** How often the page was loaded. */
  int loads() {
    return loads.size();
  }

  /** What somebody could not use, by the rules of axe-core. */
  List<String> violations() {
    page.evaluate(AXE);
    Object found =
        page.evaluate(
            """
            async () => (await axe.run()).violations.flatMap(rule => rule.nodes.map(
                node => `${rule.id}: ${rule.help}: ${node.html}`))
            """);
    return ((List<?>) found).stream().map(String::valueOf).toList();
  }

  /** By how much the page is wider than its screen, in pixels. */
  int overflow() {
    return (int)
        page.evaluate(
            """
            () => Math.max(0, document.documentElement.scrollWidth
                - document.documentElement.clientWidth)
            """);
  }

  /** Keeps a picture of the whole page, for people to look at. */
  void picture(String name) {
    page.screenshot(
        new Page.ScreenshotOptions()
            .setPath(Chromium.SHOTS.resolve(name + ".png"))
            .setFullPage(true));
  }

  /** Makes a picture of the manual, of what is on the screen, when manuals are written. */
  void manual(String name) {
    if (Boolean.getBoolean("pgmedic.write")) {
      page.screenshot(new Page.ScreenshotOptions().setPath(Chromium.MANUAL.resolve(name + ".png")));
    }
  }

  @Override
  public void close() {
    context.close();
  }
}
