"""The browser of the tests, and visits with it that notice everything that goes wrong."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.browser.pages import Page

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Response
    from playwright.sync_api import Page as Tab

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}
_FLAGS = (
    "--no-sandbox",  # the tests run as root in containers, and visit nothing but this server
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run the browser that UNIPACT_CHROMIUM names."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        program = os.environ["UNIPACT_CHROMIUM"]
        browser = playwright.chromium.launch(executable_path=program, args=list(_FLAGS))
        yield browser
        browser.close()


@dataclass(slots=True)
class Visit:
    """A tab, and everything that went wrong or out of bounds in it.

    Attributes:
        tab: the tab.
        server: the address of the server.
        scripted: scripts run.
        faults: what the console said, and requests that failed or were refused.
        abroad: addresses of other hosts that were asked.
        bytes: how much came, as it was sent, by address.
    """

    tab: Tab
    server: str
    scripted: bool
    faults: list[str] = field(default_factory=list)
    abroad: list[str] = field(default_factory=list)
    answers: list[Response] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.tab.on("console", lambda said: self._complain(said.type == "error", said.text))
        self.tab.on("pageerror", lambda error: self._complain(True, str(error)))
        self.tab.on("requestfailed", lambda asked: self._complain(self._hurts(asked), asked.url))
        self.tab.on("response", lambda answer: self._answered(answer))
        self.tab.on("request", lambda asked: self._asked(asked))

    def open(self, page: Page) -> Tab:
        """Go to a page, and wait until its scripts have run."""
        self.go(page.path)
        if self.scripted:
            self.tab.wait_for_selector(page.ready, state="attached")
        return self.tab

    def go(self, path: str) -> Tab:
        """Go to a path; what comes must be a page."""
        answer = self.tab.goto(self.server + path)
        assert answer is not None
        assert answer.status == 200, (path, answer.status)
        return self.tab

    @property
    def path(self) -> str:
        """Where the tab is."""
        return self.tab.url.removeprefix(self.server)

    def size(self) -> dict[str, int]:
        """Return the width and the height of the whole page in pixels."""
        page = "document.documentElement"
        script = f"() => ({{ width: {page}.scrollWidth, height: {page}.scrollHeight }})"
        found: dict[str, int] = self.tab.evaluate(script)
        return found

    def overflow(self) -> int:
        """Return by how many pixels the page is wider than the window."""
        script = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
        return int(self.tab.evaluate(script))

    def received(self) -> dict[str, int]:
        """Return how many bytes came, as they were sent, by path."""
        return {
            one.url.removeprefix(self.server): one.request.sizes()["responseBodySize"]
            for one in self.answers
        }

    def _complain(self, is_fault: bool, what: str) -> None:
        if is_fault:
            self.faults.append(what)

    def _hurts(self, request: Any) -> bool:
        """Tell whether it matters that a request failed.

        Pages give requests up, as they do for suggestions; without scripts their preloads fail.
        """
        given_up = "ERR_ABORTED" in (request.failure or "")
        return not given_up and (self.scripted or not request.url.endswith(".js"))

    def _asked(self, request: Any) -> None:
        if not request.url.startswith((self.server + "/", "data:", "blob:")):
            self.abroad.append(request.url)

    def _answered(self, response: Response) -> None:
        self.answers.append(response)
        self._complain(response.status >= 400, f"{response.status} {response.url}")


@contextmanager
def visiting(
    browser: Browser, server: str, *, scripted: bool = True, **more: Any
) -> Iterator[Visit]:
    """Open a tab of its own, with nothing kept; in the end nothing may have gone wrong."""
    usual = {"viewport": DESKTOP, "locale": "en-GB", "reduced_motion": "reduce"}
    options: Any = {**usual, "accept_downloads": True, "java_script_enabled": scripted, **more}
    context = browser.new_context(**options)
    context.set_default_timeout(60_000)
    try:
        visit = Visit(context.new_page(), server, scripted)
        yield visit
        assert (visit.faults, visit.abroad) == ([], [])
    finally:
        context.close()
