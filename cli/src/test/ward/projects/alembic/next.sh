head=$(alembic heads | cut -d' ' -f1)
cat > migrations/versions/onward.py <<END
import sqlalchemy as sa
from alembic import op

revision = "onward"
down_revision = "$head"


def upgrade():
    op.create_table("onward", sa.Column("id", sa.Integer, primary_key=True))
END
alembic upgrade head
alembic current | grep 'onward (head)'
