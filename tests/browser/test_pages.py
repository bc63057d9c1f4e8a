"""Each page in a real browser: whole, quiet, at home, accessible, small, on a desk and on a phone.

That nothing is said on the console, that nothing fails, and that no other host is asked, is
asserted at the end of every visit.
"""

from __future__ import annotations

import pytest

from tests.browser.axe import faults
from tests.browser.chromium import PHONE, Visit
from tests.browser.conftest import Visiting
from tests.browser.pages import PAGES, Page

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
SMALL = 200_000  # bytes over the wire, with styles, scripts and pictures
OF_YASGUI = (  # parts with faults that are Yasgui's own
    ".CodeMirror-scroll",  # scrolls by keys with the text field in it, which axe does not see
    ".yasr th.dt-orderable-none",  # the column of row numbers has no name
)

every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


def is_whole(visit: Visit) -> None:
    """Assert that a page says what it is, once, and is not wider than its window."""
    tab = visit.tab
    assert "UniPact" in tab.title()
    assert tab.locator("h1").count() == 1
    assert tab.locator("h1").inner_text().strip()
    assert tab.locator("main").count() == 1
    assert tab.locator("meta[name=description]").get_attribute("content")
    assert visit.overflow() <= 0


@every_page
def test_page_on_a_desk(visits: Visiting, page: Page) -> None:
    with visits() as visit:
        tab = visit.open(page)

        is_whole(visit)
        assert faults(tab, left_out=OF_YASGUI) == []


@every_page
def test_page_in_dark_colours(visits: Visiting, page: Page) -> None:
    with visits(color_scheme="dark") as visit:
        tab = visit.open(page)

        paper = tab.evaluate("getComputedStyle(document.body).backgroundColor.match(/[0-9]+/g)")
        assert max(map(int, paper)) < 64
        assert faults(tab, left_out=OF_YASGUI) == []


@every_page
def test_page_on_a_phone(visits: Visiting, page: Page) -> None:
    with visits(viewport=PHONE, has_touch=True, is_mobile=True) as visit:
        tab = visit.open(page)

        is_whole(visit)
        assert faults(tab, left_out=OF_YASGUI) == []


@every_page
@pytest.mark.parametrize("viewport", [None, PHONE], ids=["desk", "phone"])
def test_page_without_scripts(
    visits: Visiting, page: Page, viewport: dict[str, int] | None
) -> None:
    with visits(scripted=False, **({"viewport": viewport} if viewport else {})) as visit:
        tab = visit.open(page)

        is_whole(visit)
        assert tab.locator("main").inner_text().strip() != tab.locator("h1").inner_text().strip()
        assert tab.locator("[data-theme-switch]").is_hidden()


@pytest.mark.parametrize(
    "page", [page for page in PAGES if page.is_small], ids=lambda page: page.name
)
def test_page_is_small(visits: Visiting, page: Page) -> None:
    with visits() as visit:
        visit.open(page).wait_for_load_state("networkidle")

        received = visit.received()

    assert sum(received.values()) < SMALL, received
