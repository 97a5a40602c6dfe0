"""The Chromium that the browser tests drive: an installed one, else Playwright's own."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # Looked for before Playwright is installed, too: see install_chromium.py.
    from playwright.sync_api import Browser, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# No sandbox: in a container Chromium has no user namespace for it. The rest keeps it off the network.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class NoBrowser(Exception):
    """No Chromium is installed."""


def installed_chromium() -> str | None:
    """Return the path of a Chromium or Chrome on PATH, or None."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def launch_chromium(playwright: Playwright) -> Browser:
    """Start a headless Chromium. Raises NoBrowser, which says what to run, where none is installed."""
    path = installed_chromium() or playwright.chromium.executable_path
    if not Path(path).exists():
        raise NoBrowser("The browser tests found no Chromium. Run `make install-browser`, then the tests again.")
    return playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
