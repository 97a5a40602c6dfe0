"""What those who run the bot are told about its tokens, in their space."""

from datetime import datetime

from cards.elements import Card
from cards.layout import Tone
from cards.notice import notice_card

RENEW = (
    "Authorize the service app anew in Control Hub, put its new refresh token into WEBEX_REFRESH_TOKEN, and "
    "restart the bot. `extbot doctor` says whether it works."
)


def authorization_ends(expires_at: datetime) -> Card:
    """The refresh token expires at that time, in UTC."""
    content = (
        f"The bot's refresh token for Webex Calling expires on {expires_at:%Y-%m-%d} at {expires_at:%H:%M} UTC. "
        "After that nobody can work with the bot."
    )
    return notice_card("The bot's authorization ends soon", content, RENEW, Tone.WARNING)


def authorization_ended() -> Card:
    """The refresh token is of no use any more."""
    content = (
        "Webex no longer accepts the bot's refresh token. Once its last access token has expired too, "
        "nobody can work with the bot."
    )
    return notice_card("The bot's authorization has ended", content, RENEW, Tone.ATTENTION)


def authorization_works() -> Card:
    """What was said here before is over."""
    content = "Webex accepts the bot's tokens for Webex Calling. What I wrote about them before is over."
    return notice_card("The bot's authorization is in order", content, "There is nothing more to do.", Tone.GOOD)


def token_refused() -> Card:
    """The access token is of no use any more, and no refresh token helps."""
    content = "Webex no longer accepts the bot's access token for Webex Calling. Nobody can work with the bot."
    hint = "Run `extbot doctor`: it says what to do. After that restart the bot."
    return notice_card("The bot's access has ended", content, hint, Tone.ATTENTION)
