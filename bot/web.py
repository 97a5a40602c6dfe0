"""The web process: gunicorn with threads, which lets requests in flight finish on SIGTERM."""

import os
from contextlib import ExitStack

from flask import Flask
from gunicorn.app.base import BaseApplication

from bot.settings import Settings
from bot.supervise import end_with_parent


class WebServer(BaseApplication):  # type: ignore[misc] # gunicorn is not typed
    """Serves the app, which is built in the serving process, after the fork."""

    def __init__(self, settings: Settings, database_url: str) -> None:
        self._settings = settings
        self._database_url = database_url
        self._open = ExitStack()
        super().__init__()

    def load_config(self) -> None:
        """Gunicorn's own settings."""
        options = {
            "bind": f"{self._settings.host}:{self._settings.port}",
            "worker_class": "gthread",
            "threads": 8,
            "keepalive": 75,
            "graceful_timeout": 30,
            "control_socket_disable": True,
            "loglevel": "warning",
            "worker_exit": lambda _server, _worker: self._open.close(),
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Build the app; called once in the serving process."""
        # Not at import: the master process, which only watches, stays small without it.
        from bot.app import open_app

        end_with_parent(os.getppid())
        return self._open.enter_context(open_app(self._settings, self._database_url))
