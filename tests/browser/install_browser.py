"""Make sure that the browser tests find a Chromium: `python tests/browser/install_browser.py`."""

import os
import shutil
import subprocess
import sys

from browser import installed_chromium
from playwright.sync_api import sync_playwright


def main() -> int:
    """Install nothing where one is there, else Debian's package, else Playwright's own. Returns an exit code."""
    if installed_chromium() or has_playwrights_own():
        return 0
    if os.geteuid() == 0 and shutil.which("apt-get") and install_from_debian() == 0:
        return 0
    return subprocess.call([sys.executable, "-m", "playwright", "install", "chromium"])


def has_playwrights_own() -> bool:
    """Say whether Playwright has downloaded a Chromium before."""
    with sync_playwright() as playwright:
        return os.path.exists(playwright.chromium.executable_path)


def install_from_debian() -> int:
    """Install Debian's Chromium; needs root. Returns apt-get's exit code."""
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.call(["apt-get", "update", "-q"], env=quiet)
    return subprocess.call(["apt-get", "install", "-q", "-y", "--no-install-recommends", "chromium"], env=quiet)


if __name__ == "__main__":
    sys.exit(main())
