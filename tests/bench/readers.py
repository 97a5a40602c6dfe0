"""Reading every virtual extension, by the bot's client or by wxc_sdk: `python readers.py bot|wxc_sdk URL`.

Prints the seconds, from a client that is made to the list that is there, and how many were read. What was loaded
until then is not looked through for garbage, as in a worker. It is a process of its own, so that the sandbox does
not wait for it.
"""

import gc
import logging
import sys
import time

import structlog

BOT_TOKEN, WXC_TOKEN = "sandbox-calling", "sandbox-alice"
"""Two administrators, so that the sandbox's calls tell who made them."""


def _read_by_bot(api_url: str) -> tuple[float, int]:
    from bot.calling.client import CallingClient
    from bot.calling.requests import ExtensionFilter
    from bot.calling.token import StaticToken

    client = CallingClient(api_url, StaticToken(BOT_TOKEN))
    gc.freeze()
    begun = time.perf_counter()
    found = client.all_extensions(ExtensionFilter())
    seconds = time.perf_counter() - begun
    client.close()
    return seconds, len(found)


def _read_by_wxc_sdk(api_url: str) -> tuple[float, int]:
    from wxc_sdk import WebexSimpleApi
    from wxc_sdk.rest import RestSession
    from wxc_sdk.tokens import Tokens

    tokens = Tokens(access_token=WXC_TOKEN)
    session = type("SandboxSession", (RestSession,), {"BASE": api_url})(tokens=tokens, concurrent_requests=10)
    api = WebexSimpleApi(tokens=tokens, session=session)
    gc.freeze()
    begun = time.perf_counter()
    found = list(api.telephony.virtual_extensions.list_extensions(max=100))
    seconds = time.perf_counter() - begun
    session.close()
    return seconds, len(found)


if __name__ == "__main__":
    # As in production, where the client writes no line for each call.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.INFO))
    readers = {"bot": _read_by_bot, "wxc_sdk": _read_by_wxc_sdk}
    sys.stdout.write("\n{} {}".format(*readers[sys.argv[1]](sys.argv[2])))
