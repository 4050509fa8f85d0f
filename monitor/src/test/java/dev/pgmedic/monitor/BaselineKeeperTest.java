package dev.pgmedic.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.check.DatabaseCheck;
import dev.pgmedic.check.KnownGoodLookup;
import dev.pgmedic.check.LastLook;
import dev.pgmedic.check.Look;
import dev.pgmedic.store.Reports;
import dev.pgmedic.store.Store;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.target.Target;
import dev.pgmedic.testing.Checks;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class BaselineKeeperTest {

  private final Vertx vertx = Vertx.vertx();
  private final PostgresUrl kept = TestDatabases.fresh();
  private final Target target = Target.of("shop", TestDatabases.fresh());
  private final DatabaseCheck check =
      new DatabaseCheck(vertx, Clock.systemUTC(), Checks.LOCK_PAUSE);
  private final Store store = Store.open(vertx, kept).await();
  private final BaselineKeeper keeper = new BaselineKeeper(vertx, check, store, target);

  @AfterEach
  void close() {
    store.close().await();
    vertx.close().await();
  }

  private Look look(Target where, Optional<LastLook> before) {
    return check.run(where, KnownGoodLookup.NONE, before).await();
  }

  private List<String> baselines() {
    return TestDatabases.query(kept, "SELECT target FROM pgmedic.baseline");
  }

  @Test
  void aCheckInVainBetweenTwoThatAgreeDelaysTheBaselineAndDoesNotPreventIt() {
    // Given
    new Reports(store).register(List.of(target)).await();
    PostgresUrl nobody = PostgresUrl.parse("postgresql://me@127.0.0.1:1/nobody");
    Look first = look(target, Optional.empty());
    keeper.keep(first.diagnosis()).await();
    keeper.keep(look(target.withUrl(nobody), Optional.empty()).diagnosis()).await();
    Look glance = look(target, first.memory());

    // When
    keeper.keep(glance.diagnosis()).await();
    List<String> afterOne = baselines();
    keeper.keep(look(target, glance.memory()).diagnosis()).await();

    // Then
    assertThat(glance.diagnosis().observation()).isEmpty();
    assertThat(afterOne).isEmpty();
    assertThat(baselines()).containsExactly("shop");
  }
}
