"""What `make install` does where something is missing."""

import shutil
import subprocess
import sys
from pathlib import Path

MAKEFILE = Path(__file__).parent.parent.parent / "Makefile"
WITHOUT_VENV = f"""#!/bin/sh
test "$1" = -c && exec {sys.executable} "$@"
mkdir -p .venv/bin
touch .venv/bin/python
exit 1
"""
"""Debian's Python without its package python3-venv, which leaves an environment without pip."""


def test_a_server_needs_no_packages_for_the_chat_page() -> None:
    """They come from a registry of their own, which a server may not reach."""
    asked = ["make", "--dry-run", "--always-make", f"--file={MAKEFILE}"]
    said = {
        target: subprocess.run([*asked, target], cwd=MAKEFILE.parent, capture_output=True, text=True).stdout
        for target in ("install", "install-server")
    }
    assert [target for target, commands in said.items() if "npm ci" in commands] == ["install"]
    assert "requirements.lock" in said["install-server"]


def test_an_environment_that_is_half_made_is_not_left_there(tmp_path: Path) -> None:
    """Else the next `make install` would take it for a whole one."""
    shutil.copy(MAKEFILE, tmp_path)
    python = tmp_path / "python"
    python.write_text(WITHOUT_VENV)
    python.chmod(0o700)
    command = ["make", ".venv/bin/python", f"PYTHON={python}"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode != 0
    assert "apt-get install python3-venv" in done.stdout
    assert not (tmp_path / ".venv").exists()
