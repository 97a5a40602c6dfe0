"""Commands of the bot that end by themselves, because something about its database is not as it should be."""

import os
import socket
import subprocess
import sys
from pathlib import Path

from policies import POLICY

from bot.sandbox.server import SandboxServer


def settings_at(sandbox: SandboxServer, directory: Path) -> dict[str, str]:
    """The environment of a bot with everything in order but its database, which is to be in that directory."""
    policy_file = directory.parent / "access.toml"
    policy_file.write_text(POLICY)
    return {
        **os.environ,
        "WEBEX_BASE_URL": sandbox.api_url,
        "WEBEX_BOT_TOKEN": "sandbox-bot",
        "WEBEX_CALLING_TOKEN": "sandbox-calling",
        "WEBEX_WEBHOOK_SECRET": "secret-of-the-version-tests",
        "PUBLIC_URL": "http://127.0.0.1:1",
        "ACCESS_FILE": str(policy_file),
        "DATA_DIR": str(directory),
        "DATABASE_URL": "",
        "PORT": str(free_port()),
    }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def ended(environ: dict[str, str], *command: str) -> tuple[int, str]:
    """The exit status of a command, and all that it printed. Never is that a traceback."""
    done = subprocess.run(
        [sys.executable, "-m", "bot.cli", *command],
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        timeout=60,
    )
    assert "Traceback" not in done.stdout, done.stdout
    return done.returncode, done.stdout
