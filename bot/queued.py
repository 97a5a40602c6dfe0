"""Who waits because all workers have their hands full is told so, too: the answer takes the place of that message.

Once for what waits longest in a space; and where several wait, only if there was no answer for half a minute: to
tell everybody in a flood about each of their questions would take the calls that the answers need.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import LiteralString

from procrastinate import App
from procrastinate.exceptions import ConnectorException

from bot.errors import StoreAway
from bot.events import Envelope
from bot.waiting import TELL_AFTER

LOOK_SECONDS = 0.5
TOLD_AT_ONCE = 4
"""Messages that a worker sends side by side."""

WAITING: LiteralString = """
WITH waiting AS (
    SELECT id, lock, priority, attempts, args->'envelope' AS envelope FROM procrastinate_jobs
    WHERE task_name = 'answer' AND status = 'todo'
    AND args->'envelope'->>'resource' IN ('messages', 'attachmentActions')
), next AS (
    SELECT DISTINCT ON (lock) * FROM waiting ORDER BY lock, priority DESC, id
)
SELECT next.envelope FROM next
JOIN procrastinate_events AS told ON told.job_id = next.id AND told.type = 'deferred'
WHERE next.attempts = 0
  AND told.at < now() - %(after)s * interval '1 second'
  AND NOT (next.envelope->>'is_late')::boolean
  AND NOT EXISTS (
      SELECT FROM procrastinate_jobs AS running WHERE running.lock = next.lock AND running.status = 'doing'
  )
  AND NOT (
      EXISTS (SELECT FROM waiting AS others WHERE others.lock = next.lock AND others.id <> next.id)
      AND EXISTS (
          SELECT FROM sent_cards WHERE sent_cards.room_id = next.lock
          AND sent_cards.sent_at > greatest(told.at, now() - interval '30 seconds')
      )
  )
  AND NOT EXISTS (
      SELECT FROM events WHERE events.resource = next.envelope->>'resource'
      AND events.event = next.envelope->>'event' AND events.data_id = next.envelope->'data'->>'id'
  )
ORDER BY told.at
LIMIT 20
"""
"""The next question of each space in which nothing is going on, if it has waited. What is told of counts as begun,
and is not found again."""


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
