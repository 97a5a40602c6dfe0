"""One event, from the fetched content to the reply: fetch, identify, parse, authorize, run, show.

The only broad `except` is here: whatever fails, the person gets a sentence that says what to do next.
"""

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import structlog

from bot.calling.errors import ACCESS_TOKEN, explain
from bot.command import Command
from bot.context import Context, Services
from bot.decide import outcome_card
from bot.errors import (
    FOR_NOW,
    Mistakes,
    NotAllowed,
    NotFound,
    StoreAway,
    TakenOver,
    UserError,
    WebexError,
    with_tracking_id,
)
from bot.events import Arrival, CardSubmission, Envelope, IncomingMessage, Pace
from bot.language import NotUnderstood, read
from bot.lookup import Ambiguous
from bot.mention import text_for_bot
from bot.metrics import count_event
from bot.outcomes import TimedCommand
from bot.person import Person
from bot.recording import failure_entry, plan_id_of, refusal_entry
from bot.registry import Spec
from bot.submission import STALE_CARD, START_AGAIN, read_submission
from bot.tracing import annotate
from bot.waiting import Timer, Waiting, start_timer, waiting
from cards.choice import choice_card
from cards.elements import Card
from cards.help import greeting_card
from cards.notice import apology_card, error_card, late_card, not_understood_card, pace_card, refusal_card

Incoming = IncomingMessage | CardSubmission

CALLING = ("/telephony/", ACCESS_TOKEN)
"""How the paths begin of the calls that read and change what commands are about, and of that which lets them."""

CARD_GONE = "The card with that button is not there any more."
LOOK_BELOW = "What has taken its place is in a newer message. If there is none, send the command again."

log = structlog.get_logger()


@dataclass(frozen=True)
class Reply:
    """A card, and whether it takes the place of the one that was pressed. An error leaves that one as it is."""

    card: Card
    in_place: bool = False


class Dispatch:
    """Answers events. One instance serves all threads of a worker; what belongs to an event is in locals.

    `timer` tells people that an answer takes longer, `clock` in seconds how often they are told.
    """

    def __init__(
        self, services: Services, timer: Timer = start_timer, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._services = services
        self._timer = timer
        self._clock = clock

    def handle(self, envelope: Envelope) -> None:
        """Answer one event, once. Raises StoreAway, or WebexError where no reply can be sent now."""
        store, now = self._services.store, self._services.now
        with structlog.contextvars.bound_contextvars(event_id=envelope.data.id, resource=envelope.resource):
            if not self._concerns_us(envelope):
                log.info("event.of_others")
                return
            # What comes late was not sent in this minute: it counts for nobody.
            counted_for = "" if envelope.is_late else envelope.caused_by
            arrival = store.events.begin(envelope.key, counted_for, now(), envelope.data.room_id)
            if arrival is Arrival.ANSWERED:
                log.info("event.duplicate")
                count_event(envelope.resource, "duplicate")
                annotate(outcome="duplicate")
                return
            try:
                if self._is_in_pace(envelope, arrival):
                    self._answer(envelope, arrival)
            except TakenOver as taken:
                # This worker was paused, and counted as dead: the one that goes on with the plan answers.
                log.warning("plan.taken_over", plan=str(taken))
                return
            except FOR_NOW:
                raise
            except WebexError as error:
                # The message was deleted, or the bot is no longer in the space: there is nobody to answer.
                log.warning("event.unanswerable", call=str(error), tracking_id=error.call.tracking_id)
            if notice := store.events.finish(envelope.key, now()):
                self._services.messaging.delete_if_there(notice)
            log.info("event.answered")

    def tell(self, envelope: Envelope) -> None:
        """Say that it takes longer, of an event that waits for a worker, or for its turn. Raises StoreAway.

        It counts as begun then: whoever answers it finds what was said, and puts the answer in its place.
        """
        store, services = self._services.store, self._services
        with structlog.contextvars.bound_contextvars(event_id=envelope.data.id, resource=envelope.resource):
            try:
                # A bot is answered nothing, and might answer that.
                if not self._concerns_us(envelope) or services.people.is_bot(envelope.caused_by):
                    return
                asked_in = envelope.data.room_id
                arrival = store.events.begin(envelope.key, envelope.caused_by, services.now(), asked_in)
                if isinstance(arrival, Pace) and self._is_in_pace(envelope, arrival):
                    Waiting(services, envelope, self._clock, self._timer).tell()
            except WebexError as error:
                log.warning("waiting.not_told", call=str(error), tracking_id=error.call.tracking_id)

    def _concerns_us(self, envelope: Envelope) -> bool:
        """Other people's memberships do not, nor does what the bot does itself."""
        own_id = self._services.own_id
        if envelope.resource == "memberships":
            return envelope.data.person_id == own_id
        return not envelope.is_by(own_id)

    def _is_in_pace(self, envelope: Envelope, pace: Pace | Arrival) -> bool:
        """Whether the person has not sent too much in this minute. They are told so once, and then not again.

        What is answered again was counted before: a plan that is half applied must be gone on with.
        """
        if isinstance(pace, Arrival) or envelope.is_late:
            return True
        excess = pace.count - self._services.commands_per_minute
        if excess > 0:
            log.warning("event.over_pace", person_id=envelope.caused_by, count=pace.count)
            # Before anything is said: where that fails, the event must not come again as one that was counted.
            self._services.store.events.finish(envelope.key, self._services.now())
        if excess == 1 and envelope.resource != "memberships":
            self._slow_down(envelope, pace)
        return excess <= 0

    def _slow_down(self, envelope: Envelope, pace: Pace) -> None:
        incoming = self._fetch(envelope)
        if not self._services.people.find(incoming.person_id).is_bot:
            wait = pace.until - self._services.now()
            card = pace_card(self._services.commands_per_minute, wait.total_seconds())
            self._context(incoming).show(card, in_place=False)

    def _answer(self, envelope: Envelope, arrival: Pace | Arrival) -> None:
        if envelope.resource == "memberships":
            self._greet(envelope, arrival)
            return
        with waiting(self._services, envelope, self._timer, self._clock) as told:
            if isinstance(arrival, Arrival):
                told.find_notice()
            try:
                incoming = self._fetch(envelope)
            except NotFound:
                if envelope.resource == "messages":
                    raise
                self._tell_gone(envelope, told)
                return
            context = replace(self._context(incoming), is_late=envelope.is_late, waiting=told)
            if reply := self._respond(context, incoming):
                context.show(reply.card, in_place=reply.in_place)

    def _tell_gone(self, envelope: Envelope, told: Waiting) -> None:
        """Say that the card is gone that was pressed: where cards can't be replaced, the new one comes below."""
        data, who = envelope.data, Person(envelope.caused_by)
        log.warning("event.card_gone")
        if data.room_id is None or self._services.people.is_bot(who.id):
            return
        context = Context(self._services, who, data.room_id, data.id, parent_id=told.thread(), waiting=told)
        # It may be this very event that took the card away, and comes again because its worker was killed.
        plan = context.store.find_decided_plan(context.event_id)
        card = outcome_card(context, plan) if plan else error_card(UserError(CARD_GONE, LOOK_BELOW))
        context.show(card, in_place=False)

    def _greet(self, envelope: Envelope, arrival: Pace | Arrival) -> None:
        """Say hello in a space that the bot was added to."""
        data, bot = envelope.data, Person(self._services.own_id)
        said = Waiting(self._services, envelope, self._clock)
        if isinstance(arrival, Arrival):
            said.find_notice()
        if data.room_id:
            Context(self._services, bot, data.room_id, data.id, waiting=said).show(greeting_card(), in_place=False)

    def _fetch(self, envelope: Envelope) -> Incoming:
        if envelope.resource == "messages":
            return self._services.messaging.get_message(envelope.data.id)
        return self._services.messaging.get_action(envelope.data.id)

    def _context(self, incoming: Incoming) -> Context:
        context = Context(self._services, Person(incoming.person_id), incoming.room_id, incoming.id)
        if isinstance(incoming, IncomingMessage):
            return replace(context, parent_id=incoming.parent_id)
        card = self._services.store.find_card(incoming.message_id)
        if card is None or card.room_id != incoming.room_id:
            return replace(context, is_typed=False)
        return replace(context, is_typed=False, parent_id=card.parent_id, pressed=card.message_id)

    def _respond(self, context: Context, incoming: Incoming) -> Reply | None:
        try:
            return self._run(context, incoming)
        except UserError as error:
            return Reply(error_card(error))
        except WebexError as error:
            log.warning("command.failed", call=str(error), tracking_id=error.call.tracking_id)
            return Reply(error_card(explain(error), error.call.tracking_id))
        except (StoreAway, TakenOver):
            # Answered again later, from the beginning, or by another: what was done by then has been noted.
            raise
        except Exception:
            reference = secrets.token_hex(4)
            log.exception("command.crashed", reference=reference)
            return Reply(apology_card(reference))

    def _run(self, context: Context, incoming: Incoming) -> Reply | None:
        person = self._services.people.find(incoming.person_id)
        if person.is_bot:
            log.info("event.from_bot")
            return None
        context = replace(context, person=person)
        wanted = self._parse(incoming)
        if isinstance(wanted, NotUnderstood):
            return Reply(not_understood_card(wanted.reason, wanted.suggestions))
        spec = self._services.registry.get(wanted.name)
        if spec is None:
            raise UserError(STALE_CARD, START_AGAIN)
        try:
            context = replace(context, command=spec.name)
            return Reply(self._run_command(context, spec, wanted), in_place=True)
        except NotAllowed as refusal:
            entry = refusal_entry(context, spec.name, refusal.for_record, plan_id_of(wanted))
            context.store.add_entry(entry)
            return Reply(refusal_card(spec.title.lower(), str(refusal)))

    def _parse(self, incoming: Incoming) -> Command | NotUnderstood:
        if isinstance(incoming, CardSubmission):
            return read_submission(incoming.inputs)
        return read(text_for_bot(incoming, self._services.own_id), self._services.registry)

    def _run_command(self, context: Context, spec: Spec, wanted: Command) -> Card:
        """Run it, if allowed. What is wrong comes back in the form, at its field, with what was typed kept."""
        try:
            with TimedCommand(spec.name):
                context.require(spec.name)
                if context.is_late and spec.changes and not context.store.find_decided_plan(context.event_id):
                    return late_card(spec.title, wanted)
                return spec.run(context, wanted.arguments)
        except Ambiguous as several:
            return choice_card(several.found, wanted)
        except Mistakes as mistakes:
            return self._form(context, spec, wanted, mistakes.by_field)
        except (UserError, WebexError) as error:
            if spec.changes and isinstance(error, WebexError) and error.call.path.startswith(CALLING):
                context.store.add_entry(failure_entry(context, spec.name, error, plan_id_of(wanted)))
            problem = error if isinstance(error, UserError) else explain(error)
            if spec.form is None or problem.field == "target" or (context.is_typed and not problem.field):
                raise
            told = with_tracking_id(
                str(problem), error.call.tracking_id if isinstance(error, WebexError) else None
            )
            return self._form(context, spec, wanted, {problem.field or "": told})

    def _form(self, context: Context, spec: Spec, wanted: Command, mistakes: Mapping[str, str]) -> Card:
        if spec.form is None:
            raise UserError(" ".join(mistakes.values()))
        return spec.form(context, wanted.arguments, mistakes)
