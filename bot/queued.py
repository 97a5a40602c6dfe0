"""Who waits for a worker, or behind what others asked in the same space, is told so; the answer takes that place.

Each person once, of what they asked first in a space: one who is being answered there is told by that. And one who
has asked several things is told only where nothing was begun for them for half a minute, or since they asked: to
tell somebody who sends a flood of each question would take the calls that the answers need.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import LiteralString

from procrastinate import App
from procrastinate.exceptions import ConnectorException

from bot.errors import StoreAway
from bot.events import Envelope
from bot.waiting import LOOK_SECONDS, TELL_AFTER

TOLD_AT_ONCE = 4
"""Messages that a worker sends side by side."""

WAITING: LiteralString = """
WITH asked AS (
    SELECT id, lock, priority, attempts, status, args->'envelope' AS envelope,
           coalesce(args->'envelope'->>'actorId', args->'envelope'->'data'->>'personId', '') AS person
    FROM procrastinate_jobs
    WHERE task_name = 'answer' AND status IN ('todo', 'doing')
    AND args->'envelope'->>'resource' IN ('messages', 'attachmentActions')
), placed AS (
    SELECT *, count(*) OVER (PARTITION BY lock, person) AS many,
           row_number() OVER (
               PARTITION BY lock, person ORDER BY status = 'doing' DESC, priority DESC, id
           ) AS place
    FROM asked WHERE status = 'doing' OR NOT (envelope->>'is_late')::boolean
)
SELECT first.envelope FROM placed AS first
JOIN procrastinate_events AS told ON told.job_id = first.id AND told.type = 'deferred'
WHERE first.place = 1 AND first.status = 'todo' AND first.attempts = 0
  AND told.at < now() - %(after)s * interval '1 second'
  AND NOT (
      first.many > 1
      AND EXISTS (
          SELECT FROM events AS begun WHERE begun.room_id = first.lock AND begun.person_id = first.person
          AND begun.resource IN ('messages', 'attachmentActions')
          AND begun.received_at > greatest(told.at, now() - interval '30 seconds')
      )
  )
  AND NOT EXISTS (
      SELECT FROM events WHERE events.resource = first.envelope->>'resource'
      AND events.event = first.envelope->>'event' AND events.data_id = first.envelope->'data'->>'id'
  )
ORDER BY told.at
LIMIT 20
"""
"""What each person asked first in a space, if it has waited; of one who is being answered there, that is what is
being answered. What is told of counts as begun, and is not found again."""


async def tell_forever(app: App, tell: Callable[[Envelope], None], lost: asyncio.Event) -> None:
    """Have those told who wait; where the database is lost, set `lost` and end. `tell` may raise StoreAway."""
    loop, tellers = asyncio.get_running_loop(), ThreadPoolExecutor(TOLD_AT_ONCE, thread_name_prefix="tell")
    try:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            rows = await app.connector.execute_query_all_async(WAITING, after=TELL_AFTER)
            waiting = [Envelope.model_validate(row["envelope"]) for row in rows]
            await asyncio.gather(*(loop.run_in_executor(tellers, tell, envelope) for envelope in waiting))
    except (StoreAway, ConnectorException):
        lost.set()
    finally:
        tellers.shutdown(wait=False)
