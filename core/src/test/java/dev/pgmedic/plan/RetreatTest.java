package dev.pgmedic.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.catalog.CatalogObject.Key;
import dev.pgmedic.catalog.CatalogObject.Kind;
import dev.pgmedic.plan.action.Action;
import dev.pgmedic.plan.action.EnsureEnum;
import dev.pgmedic.plan.action.Moved;
import dev.pgmedic.plan.action.Quarantine;
import dev.pgmedic.plan.action.RebuildIndex;
import dev.pgmedic.plan.action.RebuildObjects;
import dev.pgmedic.plan.action.RestartService;
import dev.pgmedic.plan.action.RunTool;
import dev.pgmedic.plan.action.Verify;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RetreatTest {

  private static final Action MOVED =
      new Quarantine("pgmedic_q_1", List.of(new Moved("table", "public", "notes")), List.of());
  private static final Action LABELS =
      new EnsureEnum("public.mood", List.of("a"), List.of("a", "b"));
  private static final Action INDEX = new RebuildIndex("public.goods_code", "shop", false);
  private static final Action RESTART = new RestartService(List.of("true"));
  private static final Action TOOL =
      new RunTool(
          "alembic",
          new PinnedCommand(
              List.of("alembic"), "/usr/bin/alembic", "/srv", List.of(), Map.of(), List.of()),
          List.of());

  private static RecoveryPlan plan(Action... actions) {
    List<Step> steps = new ArrayList<>();
    for (Action action : actions) {
      steps.add(new Step(steps.size() + 1, action.title(), Duration.ofSeconds(1), action));
    }
    return RecoveryPlan.of(
        "shop",
        new TargetIdentity("1", 2, "shop"),
        "",
        new RecoveryPlan.Content("", List.of(), List.of(), steps));
  }

  private static Retreat whenFails(RecoveryPlan plan, int failed) {
    List<Integer> ran = new ArrayList<>();
    for (int index = 1; index < failed; index++) {
      ran.add(index);
    }
    return Retreat.of(plan, plan.steps().get(failed - 1), ran);
  }

  @Test
  void whatKnowsAWayBackIsTakenBackAndTheOthersStay() {
    // When
    Retreat retreat = whenFails(plan(MOVED, LABELS, INDEX, new Verify()), 3);

    // Then
    assertThat(retreat.back()).extracting(Step::index).containsExactly(1);
    assertThat(retreat.stays()).containsExactly(Map.entry(2, "it knows no way back"));
  }

  @Test
  void theLastOneIsTakenBackFirst() {
    // Given
    Action other =
        new Quarantine("pgmedic_q_1", List.of(new Moved("table", "public", "tags")), List.of());

    // When
    Retreat retreat = whenFails(plan(MOVED, other, INDEX), 3);

    // Then
    assertThat(retreat.back()).extracting(Step::index).containsExactly(2, 1);
  }

  @Test
  void whatCameInItsPlaceKeepsAStep() {
    // Given
    Action anew =
        new RebuildObjects(
            "shop",
            List.of(new Key(Kind.TABLE, "public.notes")),
            List.of(),
            List.of("CREATE TABLE public.notes ()"),
            List.of());

    // When
    Retreat retreat = whenFails(plan(MOVED, anew, INDEX), 3);

    // Then
    assertThat(retreat.back()).isEmpty();
    assertThat(retreat.stays()).containsEntry(1, "what came after it stays").containsKey(2);
  }

  @Test
  void nothingIsTakenBackFromUnderTheMigrationTool() {
    // When
    Retreat retreat = whenFails(plan(MOVED, TOOL), 2);

    // Then
    assertThat(retreat.back()).isEmpty();
    assertThat(retreat.stays().get(1)).contains("migration tool");
  }

  @Test
  void aRestartThatFailsTakesNothingBack() {
    // When
    Retreat retreat = whenFails(plan(MOVED, RESTART), 2);

    // Then
    assertThat(retreat.back()).isEmpty();
    assertThat(retreat.stays().get(1)).contains("as the plan wants it");
  }
}
