"""The web process: gunicorn with threads, which lets requests in flight finish on SIGTERM."""

import errno
import gc
import os
import socket
import sys
import time
from contextlib import ExitStack

import structlog
from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.config import Config
from gunicorn.glogging import Logger

from bot.settings import Settings
from bot.supervise import end_with_parent

SHARED_MEMORY = "/dev/shm"  # noqa: S108 - gunicorn makes a file of a random name there
"""A directory that is on no disk, where there is one that can be used, as on Linux."""

FREED_SECONDS = 5
"""How long a port may still be held by a process that is just ending."""

log = structlog.get_logger()


class CommonLog(Logger):  # type: ignore[misc] # gunicorn is not typed
    """Gunicorn's own lines, written as all others are."""

    def setup(self, cfg: Config) -> None:
        """Let what gunicorn has to say go up to the log of the bot."""
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True


class WebServer(BaseApplication):  # type: ignore[misc] # gunicorn is not typed
    """Serves the app, which is built in the serving process, after the fork."""

    def __init__(self, settings: Settings, database_url: str) -> None:
        self._settings = settings
        self._database_url = database_url
        self._open = ExitStack()
        super().__init__()

    def run(self) -> None:
        """Serve until SIGTERM. Where HOST and PORT can't be listened at, say why, and exit with 1."""
        obstacle = find_obstacle(self._settings.host, self._settings.port)
        if obstacle:
            log.error("web.not_started", reason=obstacle)
            sys.exit(1)
        gc.enable()
        super().run()

    def load_config(self) -> None:
        """Gunicorn's own settings."""
        options = {
            "bind": _address(self._settings.host, self._settings.port),
            "worker_class": "gthread",
            # Not WEB_CONCURRENCY, which platforms set: /metrics would be that of any one of them. Start more web
            # processes instead.
            "workers": 1,
            "threads": 8,
            "keepalive": 75,
            "graceful_timeout": 30,
            "control_socket_disable": True,
            # The file that shows that the process is alive is touched with every request.
            "worker_tmp_dir": SHARED_MEMORY if os.access(SHARED_MEMORY, os.W_OK) else None,
            "logger_class": CommonLog,
            "loglevel": "warning",
            "worker_exit": lambda _server, _worker: self._open.close(),
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Build the app; called once in the serving process."""
        gc.disable()
        # Not at import: the master process, which only watches, stays small without them.
        from bot.app import open_app
        from bot.calling.mending import BOT_TOKEN, explain_to_operator
        from bot.errors import UnusableDatabase, UnusableToken, WebexError

        end_with_parent(os.getppid())
        try:
            app = self._open.enter_context(open_app(self._settings, self._database_url))
        except WebexError as error:
            reason = str(explain_to_operator(error, BOT_TOKEN))
            log.error("web.not_started", reason=reason, call=str(error))
        except (UnusableDatabase, UnusableToken) as error:
            log.error("web.not_started", reason=str(error))
        else:
            # What is there now stays: to look through it for garbage would hold up a score of events each time.
            gc.freeze()
            gc.enable()
            return app
        # The status by which gunicorn's master knows that trying again is of no use.
        sys.exit(Arbiter.APP_LOAD_ERROR)


def find_obstacle(host: str, port: int) -> str | None:
    """Why it is not possible to listen there, and what to do; None where it is.

    Gunicorn would find out by itself, and say it in the words of the operating system, ten lines of them.
    """
    tries = 1
    while (error := _try_to_bind(host, port)) and error.errno == errno.EADDRINUSE and tries < FREED_SECONDS:
        time.sleep(1)
        tries += 1
    if error is None:
        return None
    if error.errno == errno.EADDRINUSE:
        return f"Something else listens at {_address(host, port)}. Stop it, or set PORT to another port."
    if error.errno in {errno.EACCES, errno.EPERM}:
        return f"Port {port} is for root. Set PORT to 1024 or more, and have a proxy in front of it."
    if error.errno == errno.EADDRNOTAVAIL or isinstance(error, socket.gaierror):
        return f"{host} is no address of this machine. Set HOST to 127.0.0.1, or to 0.0.0.0 for all it has."
    return f"It can't listen at {_address(host, port)} ({error.strerror}). Set HOST and PORT to where it can."


def _try_to_bind(host: str, port: int) -> OSError | None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        # As gunicorn does: connections of earlier processes may linger.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return error
    return None


def _address(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
