"""What those who run the bot read about a failed call to Webex: the setting to look at."""

from bot.calling.errors import ACCESS_TOKEN, INVALID_CLIENT, explain
from bot.errors import BadToken, RateLimited, Refused, Unreachable, UserError, WebexError

RENEW_AUTHORIZATION = (
    "See that WEBEX_CLIENT_ID and WEBEX_CLIENT_SECRET are right. If they are, authorize the service app anew in "
    "Control Hub, and put its new refresh token into WEBEX_REFRESH_TOKEN."
)
COPY_CLIENT = (
    "Copy both from the page of the service app at developer.webex.com (My Webex Apps); a secret that was "
    "regenerated there takes the place of the old one."
)
COPY_ANEW = "Copy the bot's token anew from developer.webex.com (My Webex Apps) into WEBEX_BOT_TOKEN."
BOT_TOKEN = "WEBEX_BOT_TOKEN"  # noqa: S105 - the name of a setting
MEND_ADDRESS = "See that WEBEX_BASE_URL is right and ends with /v1, or remove it."

NEEDS = (
    (
        "/telephony/",
        "the scopes spark-admin:telephony_config_read and _write, and its owner an administrator role",
    ),
    ("/roles", "the scope spark-admin:people_read: without it nobody is known by their role"),
    ("/people", "the scope spark-admin:people_read"),
    ("/identity/", "the scope identity:people_read"),
)
"""What a token has to have, by the beginning of the path that it is refused for."""


def explain_to_operator(error: WebexError, holder: str) -> UserError:
    """What is wrong, and what to do about it; for people in a chat it is `bot.calling.errors.explain`.

    `holder` is the name of the setting that holds the token of the call.
    """
    if isinstance(error, Refused):
        return _explain_refusal(error, holder)
    if isinstance(error, RateLimited):
        return explain(error)
    if isinstance(error, Unreachable):
        return UserError(
            "Webex can't be reached, or it is not Webex that answers.",
            "See that WEBEX_BASE_URL is right, and can be reached from this machine; status.webex.com shows "
            "outages.",
        )
    if error.call.path.startswith("/telephony/"):
        return UserError(
            "Webex does not know the address, or the organization.",
            f"See that CALLING_ORG_ID is the id of an organization that {holder} is for, or remove it. "
            f"{MEND_ADDRESS}",
        )
    return UserError("Webex does not know the address.", MEND_ADDRESS)


def _explain_refusal(error: Refused, holder: str) -> UserError:
    if error.call.code == INVALID_CLIENT:
        return UserError("Webex does not accept WEBEX_CLIENT_ID with WEBEX_CLIENT_SECRET.", COPY_CLIENT)
    if error.call.path == ACCESS_TOKEN:
        return UserError("Webex does not accept the authorization for Webex Calling.", RENEW_AUTHORIZATION)
    if isinstance(error, BadToken):
        mend = COPY_ANEW if holder == BOT_TOKEN else f"Put a valid token into {holder}."
        return UserError("Webex does not accept the token.", mend)
    needed = next((what for path, what in NEEDS if error.call.path.startswith(path)), None)
    mend = f"Give the token of {holder} {needed}." if needed else f"See that {holder} holds the right token."
    return UserError("Webex did not allow this.", mend)
