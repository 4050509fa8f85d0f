from alembic import op

revision = "005"
down_revision = "004"


def upgrade():
    with op.get_context().autocommit_block():
        op.execute("CREATE INDEX CONCURRENTLY rooms_id ON rooms (id)")
        op.execute("ALTER TABLE rooms ADD COLUMN floor int")
        op.execute("SELECT pg_sleep(0.6)")
        op.execute("ALTER TYPE serviceconnectionstatus ADD VALUE 'paused'")
        op.execute("CREATE TABLE floors (id int PRIMARY KEY)")
        op.execute("SELECT pg_sleep(0.6)")
