"""The embedded database: whose it may be, and what is said where it can't be used."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from directories import database_directory, started_directory

from bot.database import embedded_database, tended_database
from bot.errors import UnusableDatabase

NOBODY = 65534
LEAVING = "import sys, pathlib, bot.database as d\nwith d.embedded_database(pathlib.Path(sys.argv[1])): pass"

only_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a directory to somebody else")


def server_of(directory: Path) -> psutil.Process:
    return psutil.Process(int((directory / "postgres/postmaster.pid").read_text().split()[0]))


def test_it_takes_no_lock_that_others_can_have(tmp_path: Path) -> None:
    """Once the file is another user's, who stops the server can't open it: here nobody can."""
    (tmp_path / ".lockfile").mkdir()
    environ = {**os.environ, "TMPDIR": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path)}
    with started_directory() as directory:
        command = [sys.executable, "-c", LEAVING, str(directory)]
        done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60)
        assert (done.returncode, done.stderr) == (0, "")
        assert not (directory / "postgres/postmaster.pid").exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_first_start_that_is_interrupted_is_done_anew(number: signal.Signals) -> None:
    """Whoever has made half a database leaves none: the next one makes it."""
    with database_directory() as directory:
        first = subprocess.Popen([sys.executable, "-c", LEAVING, str(directory)], start_new_session=True)
        wait_until_begun(directory)
        os.killpg(first.pid, number)
        assert first.wait(timeout=60) != 0
        assert not (directory / "postgres").exists()
        use(directory)
        assert sorted(one.name for one in directory.iterdir() if one.is_dir()) == ["postgres"]


def wait_until_begun(directory: Path) -> None:
    """Wait until a new cluster says that it is one, which it does long before it is complete."""
    pause = threading.Event()
    for _ in range(3000):
        if list(directory.glob("*/PG_VERSION")):
            return
        pause.wait(0.01)
    raise AssertionError("No database was made.")


@pytest.mark.parametrize("given", ["data", "data/postgres"])
@only_root
def test_root_leaves_the_directory_of_another_user_as_it_is(given: str) -> None:
    with started_directory() as directory:
        theirs = directory.parent / given
        os.chown(theirs, NOBODY, NOBODY)
        directory.parent.chmod(0o700)
        with pytest.raises(UnusableDatabase, match=f"{theirs} belongs to nobody: .*`runuser -u nobody -- …`"):
            use(directory)
        assert theirs.stat().st_uid == NOBODY
        assert directory.parent.stat().st_mode & 0o777 == 0o700


def use(directory: Path, *, create: bool = True) -> None:
    with embedded_database(directory, create=create):
        pass


@pytest.mark.parametrize("opening", [embedded_database, tended_database])
def test_who_only_uses_a_database_makes_none(opening: Callable[..., object]) -> None:
    with database_directory() as directory:
        expected = f"There is no database in {directory}/postgres, and DATABASE_URL is not set. Set the DATA_DIR"
        with pytest.raises(UnusableDatabase, match=expected), opening(directory, create=False):  # type: ignore[attr-defined]
            pass
        assert not directory.exists()


@pytest.mark.parametrize("create", [True, False])
def test_a_database_that_is_moved_away_while_it_is_used(create: bool) -> None:
    """A second one would be made in its place, and the bot go on in the first. It can still be stopped."""
    with started_directory() as directory:
        with embedded_database(directory):
            server = server_of(directory)
            (directory / "postgres").rename(directory / "aside")
            with pytest.raises(UnusableDatabase, match=r"The bot is still running, .* stop it first"):
                use(directory, create=create)
            assert not (directory / "postgres").exists()
        assert not server.is_running()
        (directory / "aside").rename(directory / "postgres")
        use(directory, create=False)


def test_a_file_in_the_place_of_the_directory() -> None:
    with database_directory() as directory:
        directory.write_text("")
        with pytest.raises(
            UnusableDatabase, match=rf"can't be used: File exists \({directory}\). See that DATA_DIR"
        ):
            use(directory)


def test_files_of_others_in_the_place_of_a_database() -> None:
    """They stay as they are."""
    with database_directory() as directory:
        (directory / "postgres").mkdir(parents=True)
        (directory / "postgres/of-others").write_text("")
        with pytest.raises(UnusableDatabase, match=f"What is in {directory}/postgres is no database of"):
            use(directory)
        assert (directory / "postgres/of-others").exists()


def test_what_postgresql_refuses() -> None:
    """Its own words are where the sentence says."""
    with started_directory() as directory:
        (directory / "postgres/postgresql.conf").write_text("no_such_setting = 1\n")
        with pytest.raises(UnusableDatabase, match=f"PostgreSQL could not be started in {directory}/postgres"):
            use(directory)
        assert "no_such_setting" in (directory / "postgres/log").read_text()
