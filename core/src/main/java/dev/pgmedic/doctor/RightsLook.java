package dev.pgmedic.doctor;

import dev.pgmedic.doctor.Probe.State;
import dev.pgmedic.grants.Duty;
import dev.pgmedic.grants.Need;
import dev.pgmedic.grants.Needs;
import dev.pgmedic.grants.RightsReader;
import dev.pgmedic.target.Target;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Which of the rights that its duty needs the role has. */
final class RightsLook {

  private final Vertx vertx;
  private final Target target;
  private final Duty duty;

  RightsLook(Vertx vertx, Target target, Duty duty) {
    this.vertx = vertx;
    this.target = target;
    this.duty = duty;
  }

  Future<List<Probe>> look(PgConnection session) {
    return session
        .query("SELECT current_user::text AS role")
        .execute()
        .map(rows -> rows.iterator().next())
        .map((Row row) -> row.getString("role"))
        .compose(role -> RightsReader.read(vertx, session, role, target.migrations()))
        .map(rights ->
            Needs.of(duty, rights).stream()
                .filter(need -> !need.topic().equals("connect")) // we are in
                .map(RightsLook::probe)
                .toList());
  }

  private static Probe probe(Need need) {
    if (need.held()) {
      return Probe.ok(need.topic(), "may " + need.purpose());
    }
    return new Probe(
        need.topic(),
        State.MISSING,
        "may not " + need.purpose(),
        Optional.of(need.without()),
        Stream.concat(
                need.statements().stream().map(statement -> statement + ";"),
                need.advice().stream())
            .toList());
  }
}
