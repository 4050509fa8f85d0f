# The one that broke: four enum types and four tables. Started twice at once without a lock, the second run ends with
# `type "serviceconnectionstatus" already exists`.

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ENUM

revision = "005"
down_revision = "004"

CONNECTION = ENUM("connected", "disconnected", "error", name="serviceconnectionstatus", create_type=False)
AUTOMATION = ENUM("active", "paused", "failed", name="automationstatus", create_type=False)
NOTIFICATION = ENUM("pending", "sent", "failed", name="emailnotificationstatus", create_type=False)
BACKUP = ENUM("running", "complete", "failed", name="backupstatus", create_type=False)


def upgrade():
    for enum in (CONNECTION, AUTOMATION, NOTIFICATION, BACKUP):
        enum.create(op.get_bind())
    op.create_table(
        "google_service_status",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("user_id", sa.Integer, sa.ForeignKey("users.id"), nullable=False),
        sa.Column("service", sa.Text, nullable=False),
        sa.Column("status", CONNECTION, nullable=False, server_default="disconnected"),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.UniqueConstraint("user_id", "service"),
    )
    op.create_index(
        "google_service_status_failing",
        "google_service_status",
        ["checked_at"],
        postgresql_where=sa.text("status = 'error'"),
    )
    op.create_table(
        "calendar_automations",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("service_id", sa.Integer, sa.ForeignKey("google_service_status.id")),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("status", AUTOMATION, nullable=False, server_default="active"),
    )
    op.create_table(
        "email_notifications",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("recipient", sa.Text, nullable=False),
        sa.Column("status", NOTIFICATION, nullable=False, server_default="pending"),
    )
    op.create_table(
        "drive_backups",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("status", BACKUP, nullable=False, server_default="running"),
        sa.Column("bytes", sa.BigInteger, nullable=False, server_default="0"),
    )
