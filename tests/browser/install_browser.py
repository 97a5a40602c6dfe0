"""Make sure that the browser tests find a Chromium: `python tests/browser/install_browser.py`."""

import os
import subprocess
import sys

from browser import installed_chromium
from playwright.sync_api import sync_playwright


def main() -> int:
    """Install nothing where one is there, else Playwright's own. Returns an exit code."""
    if installed_chromium() or has_playwrights_own():
        return 0
    return subprocess.call([sys.executable, "-m", "playwright", "install", "chromium"])


def has_playwrights_own() -> bool:
    """Say whether Playwright has downloaded a Chromium before."""
    with sync_playwright() as playwright:
        return os.path.exists(playwright.chromium.executable_path)


if __name__ == "__main__":
    sys.exit(main())
