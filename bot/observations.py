"""What workers find out about the bot's surroundings, kept for `/ready` of the web process, which asks nobody."""

from datetime import datetime

from sqlalchemy import Engine, select
from sqlalchemy.dialects.postgresql import insert

from bot.tables import observations

OK = "ok"
"""What is noted of something that is in order."""


class Observations:
    """The last observation under each name; every one is a named check of `/ready`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def note(self, name: str, value: str, now: datetime) -> None:
        """Note how something is: OK, or a sentence that says what is wrong and what to do; `now` is aware.

        What is not noted again within a quarter of an hour counts as no longer known.
        """
        row = {"name": name, "value": value, "at": now}
        query = insert(observations).values(row)
        with self._engine.begin() as connection:
            connection.execute(query.on_conflict_do_update(index_elements=["name"], set_=row))

    def find(self, name: str) -> str | None:
        """What was noted last under that name."""
        query = select(observations.c.value).where(observations.c.name == name)
        with self._engine.connect() as connection:
            return connection.scalar(query)
