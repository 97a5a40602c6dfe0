"""Fixtures of the browser tests: one Chromium for those of a module, a sandbox and a window for each."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from bot_account import BotAccount
from browser import launch_chromium
from chat_page import ChatPage
from playwright.sync_api import Browser, sync_playwright

from bot.sandbox.server import SandboxServer


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Not for the whole session: for as long as playwright runs, no other test can have an event loop."""
    with sync_playwright() as playwright:
        browser = launch_chromium(playwright)
        yield browser
        browser.close()


@pytest.fixture
def sandbox() -> Iterator[SandboxServer]:
    with SandboxServer() as server:
        yield server


@pytest.fixture
def bot(sandbox: SandboxServer) -> Iterator[BotAccount]:
    account = BotAccount(sandbox.url)
    yield account
    account.close()


@pytest.fixture
def alice(chromium: Browser, sandbox: SandboxServer) -> Iterator[ChatPage]:
    with window(chromium, sandbox.url) as chat:
        yield chat


@pytest.fixture(scope="module")
def sandbox_with_bot() -> Iterator[str]:
    with extbot_sandbox() as url:
        yield url


@pytest.fixture
def alice_with_bot(chromium: Browser, sandbox_with_bot: str) -> Iterator[ChatPage]:
    with window(chromium, sandbox_with_bot) as chat:
        yield chat


@contextmanager
def window(chromium: Browser, url: str) -> Iterator[ChatPage]:
    """A window in which Alice uses the chat page. Raises AssertionError where the page had errors."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    chat = ChatPage(context.new_page(), url)
    chat.open(as_person="Alice")
    yield chat
    context.close()
    assert chat.faults == []


@contextmanager
def extbot_sandbox() -> Iterator[str]:
    """`extbot sandbox` in a process of its own. Yields the address of the chat page once all of it is up."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [Path(sys.executable).with_name("extbot"), "sandbox", "--port", str(port), "--no-browser"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert "Sandbox ready" in next(process.stdout, "extbot sandbox ended; its lines are above")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
