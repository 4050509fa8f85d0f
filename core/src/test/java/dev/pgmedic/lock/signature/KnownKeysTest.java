package dev.pgmedic.lock.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.pgmedic.lock.signature.DatabaseFacts.FoundTable;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.TestDatabases;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The keys that migration tools take are computed as the tools do. */
class KnownKeysTest {

  private static final KnownKeys IN_MYDB = keys("mydb");

  private static KnownKeys keys(String database, FoundTable... tables) {
    return KnownKeys.of(new DatabaseFacts(database, List.of(tables), List.of()));
  }

  /** Seen in pg_locks while the tools ran, or computed by their own code. */
  static Stream<Arguments> seen() {
    return Stream.of(
        arguments("flyway", 77_433_833_903_597L),
        arguments("golang-migrate", 2_103_762_914L),
        arguments("golang-migrate", 616_192_132L),
        arguments("goose", 4_097_083_626L),
        arguments("prisma", 72_707_369L),
        arguments("sqitch", 75_474_063L),
        arguments("atlas", 2_686_470_616L),
        arguments("atlas", 361_947_982L),
        arguments("rails", 586_353_752_304_064_290L),
        arguments("sqlx", 293_176_876_009_260_204L),
        arguments("node-pg-migrate", 7_241_865_325_823_964L),
        arguments("graphile-migrate", 4_727_445_306_447_283L),
        arguments("pgroll", 12_388_221_127_840_347L));
  }

  @ParameterizedTest
  @MethodSource("seen")
  void aToolIsKnownByItsKey(String tool, long key) {
    assertThat(IN_MYDB.find(key))
        .hasValueSatisfying(known -> {
          assertThat(known.tool()).isEqualTo(tool);
          assertThat(known.exact()).isTrue();
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 42, -1, 4711, 134_217_727, Long.MIN_VALUE, Long.MAX_VALUE})
  void aKeyThatNobodyComputesBelongsToAnApplication(long key) {
    assertThat(IN_MYDB.find(key)).isEmpty();
  }

  @Test
  void aKeyMadeOfTheDatabasesNameIsAnothersInAnotherDatabase() {
    // Given
    KnownKeys elsewhere = keys("otherdb");

    // When
    Stream<Long> keys = Stream.of(586_353_752_304_064_290L, 2_103_762_914L);

    // Then
    assertThat(keys).noneMatch(key -> elsewhere.find(key).isPresent());
  }

  @Test
  void aHistoryTableOfAnotherNameHasAnotherKey() {
    // Given
    FoundTable table = new FoundTable(ToolTable.FLYWAY_HISTORY, 1, "app", "History");
    long key = 77_431_708_279_161L + "\"app\".\"History\"".hashCode();

    // When
    KnownKey without = IN_MYDB.find(key).orElseThrow();
    KnownKey with = keys("mydb", table).find(key).orElseThrow();

    // Then
    assertThat(without.exact()).isFalse();
    assertThat(with.exact()).isTrue();
    assertThat(with.origin()).contains("\"app\".\"History\"");
  }

  @Test
  void golangMigrateHashesSchemaTableAndDatabaseInThisOrder() {
    // Given
    FoundTable table = new FoundTable(ToolTable.GOLANG_MIGRATE_HISTORY, 1, "app", "versions");
    long key = Checksums.crc32("app\0versions\0mydb") * 1_486_364_155L & 0xffff_ffffL;

    // When
    KnownKeys keys = keys("mydb", table);

    // Then
    assertThat(keys.find(key))
        .hasValueSatisfying(known -> assertThat(known.tool()).isEqualTo("golang-migrate"));
    assertThat(IN_MYDB.find(key)).isEmpty();
  }

  @Test
  void prismaEightHashesAsTheServerDoes() {
    // Given
    PostgresUrl url = TestDatabases.fresh();
    List<Long> computed =
        TestDatabases.query(url, "SELECT hashtext('prisma_next.contract.marker:public:app')::int8")
            .stream()
            .map(Long::valueOf)
            .toList();

    // When
    KnownKeys keys = KnownKeys.of(new DatabaseFacts("mydb", List.of(), computed));

    // Then
    assertThat(keys.find(computed.get(0)))
        .hasValueSatisfying(
            known -> assertThat(known.level()).isEqualTo(KnownKey.Level.TRANSACTION));
  }

  @Test
  void twoToolsNeverShareAKey() {
    // Given
    List<LockSignature> rest =
        Stream.of(
                List.of(new FlywayKey(), new GolangMigrateKey()), DatabaseNameKey.ALL, FixedKey.ALL)
            .flatMap(List::stream)
            .toList();

    // When
    DatabaseFacts facts = new DatabaseFacts("mydb", List.of(), List.of());
    List<Long> keys = rest.stream().flatMap(tool -> tool.keys(facts).keySet().stream()).toList();

    // Then
    assertThat(keys).doesNotHaveDuplicates().hasSameElementsAs(IN_MYDB.all());
  }
}
