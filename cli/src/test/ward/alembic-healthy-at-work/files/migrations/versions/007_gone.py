from alembic import op

revision = "007"
down_revision = "006"


def upgrade():
    op.execute("DROP TABLE gates")
    op.execute("SELECT pg_sleep(0.4)")
