"""Alembic's entry: runs on the connection that bot.schema hands over, or on DATABASE_URL from the shell."""

import os

from alembic import context
from sqlalchemy import Connection

from bot.outages import in_transactions
from bot.schema import is_ours
from bot.store import connect
from bot.tables import metadata


def run(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=metadata, include_name=is_ours)
    with context.begin_transaction():
        context.run_migrations()


handed_over = context.config.attributes.get("connection")
if handed_over is not None:
    run(handed_over)
else:
    with in_transactions(connect(os.environ["DATABASE_URL"])).connect() as own:
        run(own)
