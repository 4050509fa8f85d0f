import sqlalchemy as sa
from alembic import op

revision = "005"
down_revision = "004"


def upgrade():
    op.create_table("halls", sa.Column("id", sa.Integer, primary_key=True))
    with op.get_context().autocommit_block():
        op.create_index("rooms_by_name", "rooms", ["name"], unique=True, postgresql_concurrently=True)
    op.create_table("seats", sa.Column("id", sa.Integer, primary_key=True))
