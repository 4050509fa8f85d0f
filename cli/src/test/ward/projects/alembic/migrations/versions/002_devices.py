import sqlalchemy as sa
from alembic import op

revision = "002"
down_revision = "001"


def upgrade():
    op.create_table("devices", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
