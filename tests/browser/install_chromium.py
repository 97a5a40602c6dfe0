"""Install Debian's Chromium where there is none, beside all that goes into .venv: any Python 3 can run this.

Where that can't be done, install_browser.py has Playwright download its own, later.
"""

import os
import shutil
import subprocess

from browser import installed_chromium


def main() -> None:
    """Install it, where this is Debian, or one like it, and we are root."""
    if installed_chromium() or os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.call(["apt-get", "update", "-q"], env=quiet)
    subprocess.call(["apt-get", "install", "-q", "-y", "--no-install-recommends", "chromium"], env=quiet)


if __name__ == "__main__":
    main()
