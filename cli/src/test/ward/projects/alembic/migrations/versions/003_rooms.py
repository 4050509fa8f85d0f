import sqlalchemy as sa
from alembic import op

revision = "003"
down_revision = "002"


def upgrade():
    op.create_table("rooms", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
