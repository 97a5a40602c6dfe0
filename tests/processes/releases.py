"""A repository with two releases, of which a server's checkout is cloned, for the pages that upgrade and go back.

It has the migrations, and what `make` reads. The `make` that is found there looks whether there is what it is
asked for, and installs nothing: that would take a minute each time.
"""

import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
FILES = ("Makefile", "requirements.lock", "requirements-dev.lock", "pyproject.toml")
MIGRATIONS = "bot/migrations/versions"
OLDER, NEWER = "v1", "v2"
AUTHOR = ("-c", "user.name=Test", "-c", "user.email=test@example.com")
STUB = """#!/bin/sh
echo "$@" >> {asked}
exec {make} --dry-run --always-make "$@" > /dev/null
"""


class Releases:
    """The repository, and a place for its checkout. The older release has the migrations up to `newest`."""

    def __init__(self, directory: Path, newest: str) -> None:
        self.origin = directory / "origin"
        self.checkout = directory / "released"
        self.checkout.mkdir()
        self._asked = directory / "asked-of-make"
        stub = directory / "stub/make"
        stub.parent.mkdir()
        stub.write_text(STUB.format(asked=self._asked, make=shutil.which("make")))
        stub.chmod(0o700)
        self.path = f"{stub.parent}{os.pathsep}{os.environ['PATH']}"
        (self.origin / MIGRATIONS).mkdir(parents=True)
        _git(self.origin, "init", "--quiet", "--initial-branch=main")
        for name in FILES:
            shutil.copy(ROOT / name, self.origin)
        self._migrations = sorted((ROOT / MIGRATIONS).glob("[0-9]*.py"))
        self._release(OLDER, [one for one in self._migrations if one.name[:4] <= newest])

    def publish_newer(self) -> None:
        """The newer release, which a checkout has to fetch."""
        self._release(NEWER, self._migrations)

    def at(self) -> list[str]:
        """The tags of what is checked out."""
        return _git(self.checkout, "tag", "--points-at", "HEAD").split()

    def installed(self) -> list[str]:
        """What `make` was asked for since this was asked last."""
        lines = self._asked.read_text().splitlines()
        self._asked.unlink()
        return lines

    def _release(self, tag: str, migrations: list[Path]) -> None:
        for one in migrations:
            shutil.copy(one, self.origin / MIGRATIONS)
        _git(self.origin, "add", "--all")
        _git(self.origin, *AUTHOR, "commit", "--quiet", f"--message={tag}")
        _git(self.origin, "tag", tag)


def _git(directory: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=directory, check=True, stdout=subprocess.PIPE, text=True).stdout
