package dev.pgmedic.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmedic.plan.action.ValidateConstraint;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.TestDatabases;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ConfinedTest {

  private final PostgresUrl url = TestDatabases.fresh();
  private final String owner = "owner_" + url.database();
  private final ValidateConstraint step = new ValidateConstraint("public.trap", "small", owner);

  // A check that takes the login's rights, and reads with them what its owner may not read.
  @BeforeEach
  void trap() {
    TestDatabases.run(
        url,
        "CREATE ROLE " + owner,
        "CREATE TABLE secret AS SELECT 42 AS number",
        "GRANT CREATE, USAGE ON SCHEMA public TO " + owner,
        "SET ROLE "
            + owner
            + "; "
            + "CREATE FUNCTION small(int) RETURNS bool LANGUAGE plpgsql AS $$ BEGIN"
            + " PERFORM set_config('role', 'none', true);"
            + " DROP TABLE public.secret; RETURN true; END $$;"
            + " CREATE TABLE trap (n int);"
            + " INSERT INTO trap VALUES (1);"
            + " ALTER TABLE trap ADD CONSTRAINT small CHECK (public.small(n)) NOT VALID;"
            + " RESET ROLE");
  }

  private void run(List<String> body) throws SQLException {
    List<String> all = new ArrayList<>(step.preparation());
    all.addAll(body);
    try (Connection session = TestDatabases.connect(url);
        Statement statement = session.createStatement()) {
      session.setAutoCommit(false);
      statement.execute(String.join(";\n", all));
      session.commit();
    }
  }

  private List<String> secrets() {
    return TestDatabases.query(url, "SELECT count(*) FROM pg_class WHERE relname = 'secret'");
  }

  @Test
  void anOwnersCodeCannotTakeTheRightsOfTheLogin() {
    // When
    List<String> confined = Confined.of(step.preparation(), step.body());

    // Then
    assertThatThrownBy(() -> run(confined))
        .hasMessageContaining("cannot set parameter \"role\" within security-definer function");
    assertThat(secrets()).containsExactly("1");
  }

  @Test
  void anOwnerWhoMayMakeNothingTemporaryFailsTheStep() {
    // Given
    TestDatabases.run(url, "REVOKE TEMPORARY ON DATABASE " + url.database() + " FROM PUBLIC");

    // When
    List<String> confined = Confined.of(step.preparation(), step.body());

    // Then
    assertThatThrownBy(() -> run(confined)).hasMessageContaining("permission denied");
    assertThat(secrets()).containsExactly("1");
  }

  @Test
  void withoutThatItWould() throws SQLException {
    // When
    run(step.body());

    // Then
    assertThat(secrets()).containsExactly("0");
  }

  @Test
  void whatAStepDoesWithRightsOfItsOwnStaysOutside() {
    // When
    List<String> confined =
        Confined.of(
            List.of("SET LOCAL search_path = pg_catalog"),
            List.of(
                "ONE", "SET LOCAL ROLE a", "TWO $pgmedic$", "THREE", "SET LOCAL ROLE none", "4"));

    // Then
    assertThat(confined)
        .containsExactly(
            "ONE",
            "SET LOCAL ROLE a",
            "CREATE FUNCTION pg_temp.pgmedic_step() RETURNS void LANGUAGE plpgsql SECURITY DEFINER"
                + " AS $pgmedic2$BEGIN\nEXECUTE $pgmedic1$TWO $pgmedic$$pgmedic1$;\n"
                + "EXECUTE $pgmedic$THREE$pgmedic$;\nEND$pgmedic2$",
            "SELECT pg_temp.pgmedic_step()",
            "DROP FUNCTION pg_temp.pgmedic_step()",
            "SET LOCAL ROLE none",
            "4");
  }
}
