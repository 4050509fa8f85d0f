import sqlalchemy as sa
from alembic import op

revision = "004"
down_revision = "003"


def upgrade():
    op.create_table(
        "google_service_status",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("room_id", sa.Integer, sa.ForeignKey("rooms.id")),
        sa.Column("status", sa.Enum("connected", "disconnected", "error", name="serviceconnectionstatus")),
    )
