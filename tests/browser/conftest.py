"""Fixtures of the browser tests: one Chromium for all of them, a sandbox and a window for each."""

from collections.abc import Iterator

import pytest
from bot_account import BotAccount
from browser import launch_chromium
from chat_page import ChatPage
from playwright.sync_api import Browser, sync_playwright

from bot.sandbox.server import SandboxServer


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
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
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    window = ChatPage(context.new_page(), sandbox.url)
    window.open(as_person="Alice")
    yield window
    context.close()
    assert window.faults == []
