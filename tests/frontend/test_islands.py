"""The scripts of the pages in a real browser: what they add, and that they ask no other host."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest

from tests.frontend.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
AXE = Path(__file__).resolve().parents[2] / "server/frontend/node_modules/axe-core/axe.min.js"
BOX = "input[data-suggest]"


def test_suggestions_are_chosen_by_keys(visit: Visit) -> None:
    page = visit.go("/page/tables")

    page.focus(BOX)
    page.keyboard.type("lodz")
    page.wait_for_selector("[role=option]")
    page.keyboard.press("ArrowDown")

    assert page.locator(BOX).get_attribute("aria-activedescendant") == "suggestions-1-0"
    assert page.locator("[role=option] mark").all_inner_texts() == ["Łódz"]
    page.keyboard.press("Enter")
    page.wait_for_url("**/doc/lodz")


def test_escape_closes_suggestions_and_keeps_what_was_typed(visit: Visit) -> None:
    page = visit.go("/page/tables")

    page.focus(BOX)
    page.keyboard.type("x")
    page.wait_for_selector("[role=option]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")

    assert page.input_value(BOX) == "x"
    assert page.locator(BOX).get_attribute("aria-expanded") == "false"


def test_labels_with_markup_are_text(visit: Visit) -> None:
    page = visit.go("/page/tables")

    page.focus(BOX)
    page.keyboard.type("img")
    page.wait_for_selector("[role=option]")

    assert page.locator("[role=option] img").count() == 0
    assert page.title() == "t"


def test_table_sorts_and_filters(visit: Visit) -> None:
    page = visit.go("/page/tables")
    names = page.locator("tbody tr:visible td:first-child")

    page.click("th:nth-child(2) button")
    assert names.all_inner_texts() == ["Zagreb", "Łódź", "Ärzte"]
    assert page.locator("th:nth-child(2)").get_attribute("aria-sort") == "ascending"

    page.fill("[data-filters]", "lodz")
    assert names.all_inner_texts() == ["Łódź"]
    assert page.inner_text("[data-filtered]") == "1 of 3 rows"


def test_copy_button_copies_and_says_so(visit: Visit) -> None:
    page = visit.go("/page/tables")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])

    page.click("[data-copy]")
    page.wait_for_selector("text=Copied")

    assert page.evaluate("navigator.clipboard.readText()") == "https://example.org/x"


def test_chosen_colours_last_and_come_without_flash(visit: Visit) -> None:
    page = visit.go("/page/tables")

    page.click("[data-theme-switch]")
    page.click("[data-theme-switch]")
    page.reload(wait_until="commit")
    page.wait_for_selector("main", state="attached")

    assert page.locator("html").get_attribute("data-theme") == "dark"


def test_words_and_facts_light_each_other_up(visit: Visit) -> None:
    page = visit.go("/page/article")
    lit = page.locator("[data-fact].lit")

    page.click("#passage-p2")
    assert lit.count() == 2
    page.click("[data-shows]")

    assert page.locator("mark.lit").all_inner_texts() == ["observer", " of the board"]
    assert page.url.endswith("#fact-b")
    page.keyboard.press("Escape")
    assert page.locator(".lit").count() == 0


def test_address_of_a_passage_lights_it_up(visit: Visit) -> None:
    page = visit.go("/page/article#passage-p1")

    page.wait_for_selector("mark.lit")

    assert page.locator("mark.lit").all_inner_texts() == ["as an ", "observer"]


def test_article_is_read_by_keys_alone(visit: Visit) -> None:
    page = visit.go("/page/article")

    page.focus("#passage-p1")
    for key in ("ArrowRight", "ArrowRight", "ArrowRight", "Enter"):
        page.keyboard.press(key)

    assert page.locator("[data-fact].lit").all_inner_texts() == ["portal"]


def test_map_zooms_tells_names_and_leads_on(visit: Visit) -> None:
    page = visit.go("/page/map")
    before = page.locator("#map").get_attribute("viewBox")

    page.focus("#map a")
    assert page.inner_text(".tip") == "Łódź"
    page.keyboard.press("+")
    assert page.locator("#map").get_attribute("viewBox") != before

    page.focus("#map a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/doc/lodz")


def test_timeline_filters_keep_a_permalink_and_zoom_moves_bars(visit: Visit) -> None:
    page = visit.go("/page/timeline")

    page.fill("input[name=from]", "2015")
    assert page.inner_text("[data-shown]") == "1 of 2 shown"
    assert page.url.endswith("?from=2015")

    page.focus("#tl")
    page.keyboard.press("+")
    assert float(page.locator("#tl rect").first.get_attribute("width") or 0) == pytest.approx(80)


def test_network_is_walked_by_keys_and_filtered(visit: Visit) -> None:
    page = visit.go("/page/network")
    page.wait_for_selector("[data-network][data-ready]")

    assert page.inner_text("[data-shown]") == "3 of 3 shown"
    page.uncheck("input[value=agreement]")
    assert page.inner_text("[data-shown]") == "2 of 3 shown"

    page.focus(".network-stage")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert page.inner_text(".network-told") == "东 · 1 ties"
    page.keyboard.press("Enter")
    page.wait_for_url("**/doc/east")


def test_drawing_of_the_server_stays_where_webgl_is_missing(visit: Visit) -> None:
    visit.page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")

    page = visit.go("/page/network")
    page.wait_for_load_state("networkidle")

    assert page.locator("[data-network] > svg").is_visible()
    assert page.locator(".network-stage").count() == 0


@pytest.mark.parametrize(("format", "begins"), [("SVG", b"<svg "), ("PNG", b"\x89PNG")])
def test_network_is_saved_as_a_picture(visit: Visit, format: str, begins: bytes) -> None:
    page = visit.go("/page/network")
    page.wait_for_selector("[data-network][data-ready]")

    with page.expect_download() as waiting:
        page.click(f".network-tools button:has-text('{format}')")

    content = Path(waiting.value.path()).read_bytes()
    assert content.startswith(begins)
    assert b"<img" not in content


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("tables", "button.sorts"),
        ("article#passage-p2", "mark.lit"),
        ("map", ".zooming"),
        ("timeline", ".zooming"),
        ("network", "[data-ready]"),
        ("editor?query=SELECT%20%3Fx%20%7B%7D", "a.iri"),
        ("editor?query=x%0A%20%20y%20", "[data-place]"),
    ],
)
def test_axe_finds_nothing(
    visit: Visit, path: str, part: str, colours: Literal["light", "dark"]
) -> None:
    visit.page.emulate_media(color_scheme=colours)
    page = visit.go(f"/page/{path}")
    page.wait_for_selector(part)

    page.evaluate(AXE.read_text(encoding="utf-8"))
    faults = page.evaluate(
        "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']})"
        ".then(found => found.violations.map(one => one.id + ': ' + one.nodes[0].target))"
    )

    visit.complaints.clear()  # the wrong query's status
    assert faults == []


def open_editor(visit: Visit, query: str = "") -> None:
    page = visit.go(f"/page/editor{query}")
    page.wait_for_selector("[data-sparql][data-ready]")


def write(visit: Visit, text: str) -> None:
    page = visit.page
    page.click(".tabPanel.active .CodeMirror")
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.insert_text(text)


def text_of(visit: Visit) -> str:
    script = "document.querySelector('.tabPanel.active .CodeMirror').CodeMirror.getValue()"
    return str(visit.page.evaluate(script))


def test_editor_begins_with_the_query_of_the_form_and_runs_it(visit: Visit) -> None:
    open_editor(visit)

    visit.page.click(".yasqe_queryButton")
    link = visit.page.wait_for_selector("a.iri")

    assert text_of(visit) == "SELECT * { ?s ?p ?o }"
    assert (
        visit.page.locator("[data-plain], [data-plain-query]").locator("visible=true").count() == 0
    )
    assert link
    assert link.get_attribute("href") == "/id/lodz"
    assert visit.page.locator(".yasr img").count() == 0


@pytest.mark.parametrize(
    ("begin", "typed", "whole"),
    [
        ("SELECT * { ?s a ", "alli", "?s a up:Alliance"),
        ("SELECT * { ?s ", "member", "?s up:memberOf"),
        ("SELECT * { ?s ?p ", "lodz", "?s ?p id:lodz"),
    ],
)
def test_editor_completes_from_our_own_data(
    visit: Visit, begin: str, typed: str, whole: str
) -> None:
    open_editor(visit)

    write(visit, begin)
    visit.page.keyboard.type(typed)
    visit.page.keyboard.press("Control+Space")
    visit.page.wait_for_selector(".CodeMirror-hint")
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_function(
        "document.querySelector('.CodeMirror').CodeMirror.getValue().startsWith('PREFIX')"
    )

    assert text_of(visit).endswith(whole)


def test_error_stands_at_its_place_and_in_words(visit: Visit) -> None:
    open_editor(visit)

    write(visit, "SELECT * {\n  y }")
    visit.page.keyboard.press("Escape")
    visit.page.click(".yasqe_queryButton")
    visit.page.wait_for_selector(".problem")

    assert "y is no word of SPARQL" in visit.page.inner_text(".problem")
    assert visit.page.locator(".sparql-fault").all_inner_texts() == ["y"]
    assert any("400" in said for said in visit.complaints)  # the browser's own note of the status
    visit.complaints.clear()


def test_permalink_and_examples_open_and_run(visit: Visit) -> None:
    open_editor(visit, "?query=SELECT%20%3Fx%20%7B%7D")
    visit.page.wait_for_selector("a.iri")
    assert text_of(visit) == "SELECT ?x {}"

    visit.page.click("text=an example")
    visit.page.wait_for_selector(".tabPanel.active .booleanResult")

    assert visit.page.url.endswith("?query=ASK%20%7B%7D")


def test_query_is_offered_as_files_and_as_code(visit: Visit) -> None:
    open_editor(visit)
    write(visit, "CONSTRUCT WHERE { ?s ?p ?o }")

    assert visit.page.locator(".sparql-tools .get a").all_inner_texts() == [
        "ttl",
        "nt",
        "jsonld",
        "rdf",
    ]
    visit.page.click(".sparql-as summary")
    visit.page.select_option(".sparql-as select", "R")
    assert 'query <- "CONSTRUCT WHERE { ?s ?p ?o }"' in visit.page.inner_text(".sparql-code")


def test_editor_speaks_the_language_of_the_page(visit: Visit) -> None:
    open_editor(visit, "?lang=ru&query=SELECT%20%3Fx%20%7B%7D")
    visit.page.wait_for_selector("a.iri")
    visit.page.wait_for_selector("text=/Строки 1–1 из 1/")

    assert visit.page.get_attribute(".yasqe_queryButton", "title") == "Выполнить запрос"
    assert visit.page.inner_text(".yasr_btn.select_table") == "Таблица"


def test_long_query_is_downloaded_by_a_form(visit: Visit) -> None:
    open_editor(visit)

    write(visit, "SELECT * { ?s ?p ?o }" + " # " + "x" * 7000)

    assert visit.page.locator(".sparql-tools .get form[method=post]").count() == 4


def test_delete_closes_a_tab_and_the_others_are_kept(visit: Visit) -> None:
    open_editor(visit)

    visit.page.click(".sparql-new")
    visit.page.wait_for_selector(".tabPanel.active .sparql-tools")
    visit.page.focus(".tab:not(.active) [role=tab]")
    visit.page.keyboard.press("Delete")
    visit.page.reload()
    visit.page.wait_for_selector("[data-sparql][data-ready]")

    assert visit.page.locator("[role=tab]").count() == 1
