from alembic import op

revision = "006"
down_revision = "005"


def upgrade():
    op.execute("CREATE TABLE gates (id int PRIMARY KEY, open bool)")
    op.execute("SELECT pg_sleep(0.4)")
    op.execute("ALTER TABLE gates ADD COLUMN note text")
