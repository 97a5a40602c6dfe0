"""Whether Webex still accepts the tokens of the bot, and telling those who run it when it does not, once."""

from collections.abc import Callable
from datetime import datetime

import structlog

from bot.calling.errors import ACCESS_TOKEN
from bot.calling.refreshed import RefreshedToken, Standing
from bot.calling.token import TokenSource
from bot.errors import BadToken, Refused, WebexError
from bot.observations import OK
from bot.store import SentCard, Store
from bot.token_store import TokenName, TokenStore
from bot.webex.directory import Directory
from bot.webex.messaging import Messaging
from cards.authorization import authorization_ended, authorization_ends, authorization_works, token_refused
from cards.elements import Card

log = structlog.get_logger()


ENDED = "The refresh token is of no use any more: `extbot doctor` says what to do."
ENDS = "the refresh token expires then, and `extbot doctor` says what to do before."


class TokenWatch:
    """Looks after the tokens; done by one worker at a time. `space_id` is where those who run the bot are told."""

    def __init__(
        self,
        messaging: Messaging,
        directory: Directory,
        token: TokenSource,
        tokens: TokenStore,
        store: Store,
        space_id: str | None,
        now: Callable[[], datetime],
    ) -> None:
        self._messaging = messaging
        self._directory = directory
        self._token = token
        self._tokens = tokens
        self._store = store
        self._space_id = space_id
        self._now = now

    def check(self) -> None:
        """Use each token, note what is to be known of them, and announce what is new. Raises StoreAway.

        GET /people/me, with each
        """
        self._try(TokenName.BOT, self._messaging.me)
        self._try(TokenName.CALLING, self._directory.me)
        if not isinstance(self._token, RefreshedToken):
            self._tokens.forget_refusal(TokenName.REFRESH)
        standing = self._token.standing() if isinstance(self._token, RefreshedToken) else None
        self._store.observations.note("authorization", outlook(standing), self._now())
        self._announce(standing)

    def _try(self, name: TokenName, call: Callable[[], object]) -> None:
        try:
            call()
        except WebexError as error:
            if not _is_refusal(error):
                log.warning("token.unchecked", token=name, call=str(error), tracking_id=error.call.tracking_id)
                return
            if self._tokens.read(name).refused_at is None:
                log.error("token.refused", token=name, call=str(error), tracking_id=error.call.tracking_id)
            self._tokens.note_refusal(name, self._now())
        else:
            self._tokens.note_refusal(name, None)

    def _announce(self, standing: Standing | None) -> None:
        """Say it where it has not been said. Noted after it was said: rather twice than never."""
        news, card = self._news(standing)
        if news == self._tokens.read(TokenName.CALLING).announced:
            return
        (log.error if news else log.info)("authorization.announced", news=news)
        if self._space_id:
            try:
                sent = self._messaging.send(self._space_id, card.markdown, card, None)
            except WebexError as error:
                log.warning("authorization.untold", call=str(error), tracking_id=error.call.tracking_id)
                return
            # Else it would be taken for an answer that was lost.
            self._store.remember_card(SentCard(sent, self._space_id, None, None), self._now())
        self._tokens.note_announcement(TokenName.CALLING, news)

    def _news(self, standing: Standing | None) -> tuple[str | None, Card]:
        """What there is to announce, in a word and as a card; no word where all is in order, maybe again."""
        if standing and standing.has_ended:
            return "ended", authorization_ended()
        if self._tokens.read(TokenName.CALLING).refused_at:
            return "refused", token_refused()
        if standing and standing.ends_soon and standing.expires_at:
            return "soon", authorization_ends(standing.expires_at)
        return None, authorization_works()


def _is_refusal(error: WebexError) -> bool:
    """Whether it is the token that Webex refuses. It may also refuse what is asked for, and a proxy anything."""
    return isinstance(error, BadToken) or (isinstance(error, Refused) and error.call.path == ACCESS_TOKEN)


def outlook(standing: Standing | None) -> str:
    """What `/ready` tells of an authorization: whether it is in order, and from a week before, until when."""
    if standing and standing.has_ended:
        return ENDED
    if standing and standing.ends_soon and standing.expires_at:
        return f"{OK} until {standing.expires_at:%Y-%m-%d %H:%M} UTC: {ENDS}"
    return OK
