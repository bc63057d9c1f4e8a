"""What newcomers do, with scripts and without, on a desk and on a phone, and by keys alone."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.chromium import DESKTOP, PHONE, Visit
from tests.browser.conftest import Visiting

if TYPE_CHECKING:
    from playwright.sync_api import Page as Tab

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
SITUATIONS: dict[str, dict[str, Any]] = {
    "desk": {"viewport": DESKTOP},
    "phone": {"viewport": PHONE, "has_touch": True, "is_mobile": True},
    "desk-without-scripts": {"viewport": DESKTOP, "scripted": False},
    "phone-without-scripts": {"viewport": PHONE, "scripted": False},
}
TERMS = "https://w3id.org/unipact/ontology#"
BOX = "main input[type=search]"
HIT = "main .facts a[href^='/doc/']"
WHY = "main .statements summary"
IN_THE_TEXT = ".quoted a[href*='#passage-']"
RESULT = ".yasr tbody tr"


@pytest.fixture(params=SITUATIONS)
def visit(request: pytest.FixtureRequest, visits: Visiting) -> Iterator[Visit]:
    """A visit in each situation."""
    with visits(**SITUATIONS[request.param]) as visit:
        yield visit


def is_in_sight(tab: Tab, selector: str) -> bool:
    """Tell whether an element is within the window, at least in part."""
    script = """(element) => {
      const place = element.getBoundingClientRect();
      return place.bottom > 0 && place.top < innerHeight;
    }"""
    return bool(tab.locator(selector).first.evaluate(script))


def test_newcomer_follows_a_name_to_the_words(visit: Visit) -> None:
    tab = visit.go("/")

    tab.fill(BOX, "st petersburg polytechnic")
    tab.press(BOX, "Enter")
    tab.wait_for_url("**/search?q=*")
    tab.click(HIT)
    tab.wait_for_url("**/doc/spbpu")
    why = tab.locator(".statements details:has(.quoted)").first
    why.locator("summary").first.click()
    assert why.locator("blockquote mark").first.inner_text().strip()
    why.locator(IN_THE_TEXT).first.click()
    tab.wait_for_url("**/article/*#passage-*")

    passage = "#" + tab.url.partition("#")[2]
    assert tab.locator(f"mark{passage}, {passage}").count() == 1
    assert is_in_sight(tab, passage)


def test_newcomer_asks_an_example_changes_it_and_takes_the_answer(visit: Visit) -> None:
    tab = visit.go("/")

    tab.locator("a[href^='/sparql?query=']").first.click()
    tab.wait_for_url("**/sparql?query=*")
    rows = ask(visit, f"SELECT ?alliance WHERE {{ ?alliance a <{TERMS}Alliance> }} LIMIT 1")
    with tab.expect_download() as waiting:
        tab.locator("main .get a:text-is('csv')").locator("visible=true").first.click()

    assert rows == 1
    lines = Path(waiting.value.path()).read_text(encoding="utf-8").splitlines()
    assert [len(row) for row in csv.reader(lines)] == [1, 1]


def ask(visit: Visit, query: str) -> int:
    """Replace the query on the page, run it, and return how many rows came."""
    tab = visit.tab
    if not visit.scripted:
        tab.fill("textarea[name=query]", query)
        tab.click("form.query button")
        return tab.locator("main table tbody tr").count()
    tab.wait_for_selector(RESULT)
    tab.click(".tabPanel.active .CodeMirror")
    tab.keyboard.press("Control+a")
    tab.keyboard.insert_text(query)
    tab.keyboard.press("Escape")
    with tab.expect_response("**/sparql*"):
        tab.click(".tabPanel.active .yasqe_queryButton")
    tab.wait_for_selector(f"{RESULT}:only-child a.iri")
    return tab.locator(RESULT).count()


def test_reader_chooses_a_language_and_keeps_it(visit: Visit) -> None:
    tab = visit.go("/articles")

    tab.select_option(".choice select", "ru")
    if not visit.scripted:
        tab.click(".choice button")
    tab.wait_for_selector("html[lang=ru]")
    assert visit.path == "/articles"
    visit.go("/doc/spbpu")

    assert tab.get_attribute("html", "lang") == "ru"
    assert "Санкт-Петербургский" in tab.inner_text("h1")


def test_reader_chooses_colours_and_keeps_them(visits: Visiting) -> None:
    with visits(color_scheme="light") as visit:
        tab = visit.go("/")
        light = tab.evaluate("getComputedStyle(document.body).backgroundColor")

        while tab.get_attribute("html", "data-theme") != "dark":
            tab.click("[data-theme-switch]")
        visit.go("/articles")

        assert tab.get_attribute("html", "data-theme") == "dark"
        assert tab.evaluate("getComputedStyle(document.body).backgroundColor") != light


def test_keys_alone_lead_from_a_name_to_the_words(visits: Visiting) -> None:
    with visits() as visit:
        tab = visit.go("/")

        walk_to(tab, BOX)
        tab.keyboard.type("st petersburg polytechnic")
        tab.keyboard.press("Enter")
        tab.wait_for_url("**/search?q=*")
        walk_to(tab, HIT)
        tab.keyboard.press("Enter")
        tab.wait_for_url("**/doc/*")
        walk_to(tab, WHY)
        tab.keyboard.press("Enter")
        walk_to(tab, IN_THE_TEXT, skip=False)
        tab.keyboard.press("Enter")
        tab.wait_for_url("**/article/*#passage-*")

        assert is_in_sight(tab, "#" + tab.url.partition("#")[2])


def walk_to(tab: Tab, selector: str, *, skip: bool = True) -> None:
    """Press Tab until an element has the focus, and shows it; `skip` leaves out the header."""
    if skip:
        tab.keyboard.press("Tab")
        assert tab.evaluate("document.activeElement.className") == "skip"
        tab.keyboard.press("Enter")
    for _ in range(150):
        tab.keyboard.press("Tab")
        if tab.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            break
    else:
        raise AssertionError(f"{selector} is not reached by keys")
    seen = "(({ outlineStyle, boxShadow }) => outlineStyle !== 'none' || boxShadow !== 'none')"
    assert tab.evaluate(f"{seen}(getComputedStyle(document.activeElement))")


def test_newcomer_looks_at_the_network_filters_it_and_reads_on(visit: Visit) -> None:
    tab = visit.go("/explore")

    tab.click("main h2 a[href='/explore/network']")
    tab.wait_for_url("**/explore/network")
    ties = tab.locator("tr[data-in=network]").count()
    tab.check("input[name=tie][value=membership]")
    if not visit.scripted:
        tab.click(".filters button")
    tab.wait_for_url("**/explore/network?*tie=membership*")
    kinds = set(
        tab.locator("tr[data-in=network]").evaluate_all("all => all.map(one => one.dataset.kind)")
    )
    assert 0 < tab.locator("tr[data-in=network]").count() < ties
    assert kinds == {"membership"}
    tab.click("tr[data-in=network] a[href^='/doc/'] >> nth=0")
    tab.wait_for_url("**/doc/*")

    assert tab.locator("main .statements li").count() > 0
