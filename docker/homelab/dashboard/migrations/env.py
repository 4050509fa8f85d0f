import logging.config
import os

from alembic import context
from sqlalchemy import create_engine, pool

logging.config.fileConfig(context.config.config_file_name)
# SQLAlchemy knows PostgreSQL by one name alone.
url = os.environ["DATABASE_URL"].replace("postgres://", "postgresql://", 1)
with create_engine(url, poolclass=pool.NullPool).connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
