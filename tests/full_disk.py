"""A database that has no room, for some of its tables.

A trigger raises what PostgreSQL raises then (SQLSTATE 53100): to fill a disk takes rights that tests lack.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine

FULL = """
CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;
CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse()
"""


@contextmanager
def no_room(engine: Engine, *tables: str) -> Iterator[None]:
    """Let them take no row, while the block lasts."""
    with engine.begin() as connection:
        for table in tables:
            connection.exec_driver_sql(FULL.format(table=table))
    try:
        yield
    finally:
        with engine.begin() as connection:
            for table in tables:
                connection.exec_driver_sql(f"DROP TRIGGER full_disk ON {table}")
