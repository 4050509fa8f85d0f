package dev.pgmedic.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A verticle that checks thousands of databases for months opens millions of sessions. */
@Timeout(180)
class SessionMemoryTest {

  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final int SESSIONS = 200;
  private static final Pattern INSTANCES = Pattern.compile(": +(\\d+) ");

  private final PostgresUrl url = TestDatabases.fresh();

  @Test
  void nothingIsLeftOfASessionThatWasClosed() throws Exception {
    // Given
    Vertx vertx = Vertx.vertx();
    int before = clients();

    // When
    String id = vertx.deployVerticle(new Opening()).await();

    // Then
    assertThat(id).isNotEmpty();
    assertThat(clients() - before)
        .as("clients of %d closed sessions", SESSIONS)
        .isLessThan(SESSIONS / 10);
    vertx.close().await();
  }

  /** Opens and closes them, one behind the other, before it counts as started. */
  private final class Opening extends VerticleBase {

    @Override
    public Future<?> start() {
      return open(SESSIONS);
    }

    private Future<Void> open(int left) {
      if (left == 0) {
        return Future.succeededFuture();
      }
      Session.Settings settings = new Session.Settings("memory", LIMIT, LIMIT, LIMIT, true);
      return Session.open(vertx, url, settings)
          .compose(Session::close)
          .compose(closed -> open(left - 1));
    }
  }

  // The histogram is of what is reachable: it collects the garbage first.
  private static int clients() throws Exception {
    Object[] none = {new String[0]};
    String[] signature = {String[].class.getName()};
    String histogram =
        (String)
            ManagementFactory.getPlatformMBeanServer()
                .invoke(
                    new ObjectName("com.sun.management:type=DiagnosticCommand"),
                    "gcClassHistogram",
                    none,
                    signature);
    return histogram
        .lines()
        .filter(line -> line.contains("io.vertx.core.net.impl.NetClientImpl"))
        .map(INSTANCES::matcher)
        .filter(Matcher::find)
        .mapToInt(found -> Integer.parseInt(found.group(1)))
        .sum();
  }
}
