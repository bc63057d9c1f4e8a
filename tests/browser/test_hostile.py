"""Names, titles and quotes that mean harm are shown, do nothing, and leave the layout whole."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

import unipact
from tests.browser.chromium import DESKTOP, PHONE, visiting
from tests.browser.conftest import Visiting
from tests.browser.hostile import SCRIPT, spoil
from tests.browser.pages import ARTICLE, Page
from tests.browser.serving import serve

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
_NAMES = """PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?name { ?thing skos:prefLabel ?name FILTER(STRSTARTS(?name, "<")) } LIMIT 50"""
PAGES = (
    Page("home", "/"),
    Page("search", "/search?q=university"),
    Page("articles", "/articles"),
    Page("article", f"/article/{ARTICLE}"),
    Page("university", "/doc/spbpu"),
    Page("alliance", "/doc/uasr"),
    Page("person", "/doc/arseniev"),
    Page("statement", f"/doc/{ARTICLE}/spbpu-committee"),
    Page("network", "/explore/network", "[data-network][data-ready]"),
    Page("map", "/explore/map", ".zooming"),
    Page("timeline", "/explore/timeline", ".zooming"),
    Page("answer", f"/sparql?query={quote(_NAMES)}", ".yasr tbody tr"),
)
every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


@pytest.fixture(scope="session")
def spoilt(
    seeds_release: unipact.OpenRelease, browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Visiting]:
    """Open a tab on a server over the spoilt corpus."""
    work: Path = tmp_path_factory.mktemp("spoilt")
    spoil(seeds_release.path, work / "releases", work)
    with serve(work / "releases") as server:
        yield partial(visiting, browser, server)


@every_page
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_names_that_mean_harm_are_only_names(
    spoilt: Visiting, page: Page, viewport: dict[str, int]
) -> None:
    with spoilt(viewport=viewport) as visit:
        tab = visit.open(page)

        assert tab.evaluate("window.__hit") is None
        assert tab.locator("main img, main script:not([type='application/ld+json'])").count() == 0
        assert tab.locator("[onfocus], [onmouseover], [onerror]").count() == 0
        assert tab.locator("a[href^='javascript:']").count() == 0
        assert visit.overflow() <= 0


def test_script_in_a_text_is_read_as_text(spoilt: Visiting) -> None:
    with spoilt() as visit:
        tab = visit.go(f"/article/{ARTICLE}")

        assert SCRIPT in tab.inner_text(".prose")


def test_suggestions_that_mean_harm_are_only_text(spoilt: Visiting) -> None:
    with spoilt(viewport=PHONE) as visit:
        tab = visit.go("/")

        tab.locator("main input[type=search]").press_sequentially("university")
        tab.wait_for_selector("main [role=option]")

        assert tab.evaluate("window.__hit") is None
        assert tab.locator("[role=option] img, [role=option] script").count() == 0
        assert visit.overflow() <= 0
