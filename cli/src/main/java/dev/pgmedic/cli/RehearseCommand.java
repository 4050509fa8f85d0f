package dev.pgmedic.cli;

import dev.pgmedic.embedded.EmbeddedServer;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/**
 * Does once what the one-shot commands do, on a database of its own, so that Java can keep what it
 * learns of them for faster starts. The launcher runs it, nobody else needs to.
 */
@Command(name = "rehearse", hidden = true, description = "Runs the one-shot commands once.")
final class RehearseCommand implements Callable<Integer> {

  @Override
  public Integer call() throws IOException {
    Closing closing = new Closing();
    try {
      String url = closing.add(EmbeddedServer.temporary()).url("postgres").reveal();
      List<String[]> commands =
          List.of(
              new String[] {"guard", "--url", url, "--verify", "--", "true"},
              new String[] {"check", "--url", url, "--json"});
      for (String[] command : commands) {
        int code = Pgmedic.run(command);
        if (code != 0) {
          return code;
        }
      }
      return 0;
    } finally {
      closing.close();
    }
  }
}
