package dev.pgmedic.cli;

import dev.pgmedic.command.Afterwards;
import dev.pgmedic.config.ConfigException;
import dev.pgmedic.guard.RunSessions;
import dev.pgmedic.lock.MigrationLock;
import dev.pgmedic.target.PostgresUrl;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * Ends a run's sessions in the server once its input ends. The supervisor of a guard that was
 * killed starts it, nobody else needs to; it gets ready while the supervisor ends the run's
 * processes.
 */
@Command(name = "end-run", hidden = true, description = "Ends the sessions of a dead guard's run.")
final class EndRunCommand implements Callable<Integer> {

  private static final String URL = "PGMEDIC_END_URL";

  @Parameters(paramLabel = "RUN/FENCE", arity = "1")
  private @Nullable String run;

  /** How a supervisor calls it; the URL with its password stays out of the argument list. */
  static Afterwards afterwards(PostgresUrl url) {
    List<String> self = OwnCommand.words();
    return self.isEmpty()
        ? Afterwards.NOTHING
        : new Afterwards(self, Map.of(URL, url.reveal())).with("end-run");
  }

  @Override
  public Integer call() throws IOException {
    PostgresUrl url =
        Environment.get(URL)
            .map(PostgresUrl::parse)
            .orElseThrow(() -> new ConfigException(URL, "expected the URL of the database"));
    Vertx vertx = QuickVertx.start();
    try {
      Promise<Void> over = Promise.promise(); // adapter: the end of a blocking stream
      Future<Long> ended =
          RunSessions.end(vertx, url, MigrationLock.Run.parse(String.valueOf(run)), over.future());
      System.in.transferTo(OutputStream.nullOutputStream());
      over.complete();
      var unused = ended.await();
      return 0;
    } finally {
      vertx.close().await();
    }
  }
}
