"""The webhooks that the bot lives by: registered, active, with the secret, and each once."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

import structlog

from bot.errors import FOR_NOW, BadToken, NotFound, RateLimited, WebexError
from bot.settings import Settings
from bot.webex.messaging import Messaging
from bot.webex.models import Webhook

PREFIX = "extbot "
"""Begins the name of every webhook of ours."""

WANTED = (("messages", "created"), ("attachmentActions", "created"), ("memberships", "created"))

log = structlog.get_logger()


@dataclass(frozen=True)
class Report:
    """What is, or was, to be done, as resource names: made, mended (by PUT), kept as they are, removed."""

    made: tuple[str, ...] = ()
    mended: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    def lines(self) -> list[str]:
        """One sentence for each webhook."""
        verbs = {"made": "registered", "mended": "mended", "kept": "in order", "removed": "stale, removed"}
        return [f"Webhook {name}: {verb}." for kind, verb in verbs.items() for name in getattr(self, kind)]


@dataclass(frozen=True)
class Repairs:
    """What it takes to have each wanted webhook exactly once."""

    make: tuple[tuple[str, str], ...]
    mend: tuple[Webhook, ...]
    keep: tuple[Webhook, ...]
    remove: tuple[Webhook, ...]

    @property
    def needed(self) -> bool:
        """Whether anything is to be done."""
        return bool(self.make or self.mend or self.remove)


def find_repairs(existing: Sequence[Webhook], target_url: str, secret: str) -> Repairs:
    """Compare what is registered with what is wanted. Webhooks of others with the same token are left alone.

    Two registrations for one event at the same address deliver it twice, so whatever points there is ours.
    """
    ours = [hook for hook in existing if hook.name.startswith(PREFIX) or hook.target_url == target_url]
    right = [hook for hook in ours if _is_right(hook, target_url, secret)]
    chosen = {wanted: hook for wanted in WANTED if (hook := _first(wanted, right) or _first(wanted, ours))}
    ids = {hook.id for hook in chosen.values()}
    return Repairs(
        make=tuple(wanted for wanted in WANTED if wanted not in chosen),
        mend=tuple(hook for hook in chosen.values() if hook not in right),
        keep=tuple(hook for hook in chosen.values() if hook in right),
        remove=tuple(hook for hook in ours if hook.id not in ids),
    )


def ensure_webhooks(messaging: Messaging, settings: Settings) -> Report:
    """Register what is missing, mend what is inactive or differs, remove what is stale.

    What is stale goes first, so that no event is delivered twice in between. All is tried, also after something
    failed: then WebexError is raised, for the first that did.
    """
    url, secret = settings.webhook_url, settings.webex_webhook_secret.get_secret_value()
    repairs = find_repairs(messaging.list_webhooks(), url, secret)
    steps = [
        *(partial(_remove, messaging, hook) for hook in repairs.remove),
        *(partial(_mend, messaging, hook, url, secret) for hook in repairs.mend),
        *(partial(_make, messaging, wanted, url, secret) for wanted in repairs.make),
    ]
    failures = [error for step in steps if (error := _try(step))]
    if failures:
        raise failures[0]
    return _report(repairs)


def _try(step: Callable[[], None]) -> WebexError | None:
    """What went wrong. Raises what the others would meet as well: the token is not valid, or to make a pause."""
    try:
        step()
    except (BadToken, RateLimited):
        raise
    except WebexError as error:
        log.warning("webhook.not_mended", call=str(error), tracking_id=error.call.tracking_id)
        return error
    return None


def _remove(messaging: Messaging, hook: Webhook) -> None:
    with suppress(NotFound):  # another worker was faster
        messaging.delete_webhook(hook.id)


def _mend(messaging: Messaging, hook: Webhook, url: str, secret: str) -> None:
    try:
        messaging.update_webhook(hook.id, _name(hook.resource, hook.event), url, secret)
    except FOR_NOW:
        raise
    except WebexError as error:
        # It won't be accepted a minute later, either, and the bot hears nothing by it.
        log.warning("webhook.made_anew", call=str(error), tracking_id=error.call.tracking_id)
        _remove(messaging, hook)
        _make(messaging, (hook.resource, hook.event), url, secret)


def _make(messaging: Messaging, wanted: tuple[str, str], url: str, secret: str) -> None:
    messaging.create_webhook(_name(*wanted), url, *wanted, secret)


def _is_right(hook: Webhook, target_url: str, secret: str) -> bool:
    is_ours = hook.name.startswith(PREFIX) and hook.target_url == target_url
    return is_ours and hook.secret == secret and hook.status == "active" and not hook.filter


def _first(wanted: tuple[str, str], hooks: Sequence[Webhook]) -> Webhook | None:
    """The first for that event. One with a filter can't be mended: PUT does not change filters."""
    return next((hook for hook in hooks if (hook.resource, hook.event) == wanted and not hook.filter), None)


def _name(resource: str, event: str) -> str:
    return f"{PREFIX}{resource} {event}"


def _report(repairs: Repairs) -> Report:
    return Report(
        made=tuple(f"{resource} {event}" for resource, event in repairs.make),
        mended=_names(repairs.mend),
        kept=_names(repairs.keep),
        removed=_names(repairs.remove),
    )


def _names(hooks: Sequence[Webhook]) -> tuple[str, ...]:
    return tuple(f"{hook.resource} {hook.event}" for hook in hooks)
