"""The bot beside the sandbox: how it is configured, and when all of it is up."""

import secrets
import shutil
import socket
import threading
import time
import urllib.error
import urllib.request
import webbrowser
from collections.abc import Mapping
from pathlib import Path

from bot.sandbox.server import SandboxServer

POLL_SECONDS = 0.05
WEBHOOKS = 3
POLICY = Path(__file__).with_name("access.toml")


def environment(server: SandboxServer, directory: str) -> Mapping[str, str]:
    """The settings of a bot at this sandbox, as environment variables. Its policy is a copy, to be edited."""
    port = _free_port()
    return {
        "WEBEX_BASE_URL": server.api_url,
        "WEBEX_BOT_TOKEN": "sandbox-bot",
        "WEBEX_CALLING_TOKEN": "sandbox-calling",
        "WEBEX_CLIENT_ID": "",
        "WEBEX_CLIENT_SECRET": "",
        "WEBEX_REFRESH_TOKEN": "",
        "ADMIN_SPACE_ID": "",
        "WEBEX_WEBHOOK_SECRET": secrets.token_hex(16),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "DATA_DIR": directory,
        "DATABASE_URL": "",
        "ACCESS_FILE": str(shutil.copy(POLICY, directory)),
        "LOG_LEVEL": "WARNING",
    }


def announce(server: SandboxServer, bot_url: str, *, open_browser: bool) -> None:
    """Print that the sandbox is ready, once it is, without waiting for that here."""

    def wait_and_say() -> None:
        while not (_is_ready(bot_url) and len(server.world.webhooks) >= WEBHOOKS):
            time.sleep(POLL_SECONDS)
        print(f"Sandbox ready: {server.url}", flush=True)  # noqa: T201 - this line is the command's answer
        if open_browser:
            webbrowser.open(server.url)

    threading.Thread(target=wait_and_say, daemon=True, name="announce").start()


def _is_ready(bot_url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{bot_url}/ready", timeout=2) as answer:  # noqa: S310 - our own address
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
