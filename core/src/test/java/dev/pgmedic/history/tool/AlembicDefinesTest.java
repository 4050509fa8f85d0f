package dev.pgmedic.history.tool;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A revision is known to define objects alone only when every call of it is known to. */
@Timeout(10)
class AlembicDefinesTest {

  private final Alembic alembic = new Alembic();

  private static String revision(String body) {
    return """
    import sqlalchemy as sa
    from alembic import op
    from sqlalchemy.dialects.postgresql import ENUM

    revision = "005"

    def upgrade():
        %s

    def downgrade():
        op.drop_table("rooms")
        op.execute("DELETE FROM houses")
    """
        .formatted(body);
  }

  @Test
  void tablesTypesAndIndexesAre() {
    // Given
    String body =
        """
        status = ENUM("on", "off (now)", name="status")
            op.create_table("rooms", sa.Column("id", sa.Integer, primary_key=True),
                sa.Column("status", status, server_default=sa.text("now()")))  # execute()
            with op.get_context().autocommit_block():
                op.create_index(op.f("by_status"), "rooms", ["status"])\
        """;

    // Then
    assertThat(alembic.definesOnly(revision(body))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "op.execute('SELECT 1')",
        "op.bulk_insert(rooms, [])",
        "op.alter_column('rooms', 'id', nullable=False)",
        "op.drop_column('rooms', 'id')",
        "bind = op.get_bind()",
        "connection.execute(text)",
        "session.add(Room())",
        "seed()",
        "getattr(op, 'exec' + 'ute')('DELETE FROM rooms')",
      })
  void whatElseIsCalledMayDoMore(String body) {
    assertThat(alembic.definesOnly(revision(body))).isFalse();
  }

  @Test
  void aFileWithoutAnUpgradeIsUnknown() {
    assertThat(alembic.definesOnly("revision = '005'")).isFalse();
  }
}
