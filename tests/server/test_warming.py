"""Answers that are ready beforehand."""

from __future__ import annotations

from flask import Flask

from server.pages.examples import EXAMPLES
from server.site import Site
from server.sparql.request import QueryRequest
from server.warming import plans


def test_every_example_is_ready_as_pages_ask_for_it(app: Flask) -> None:
    site: Site = app.extensions["unipact"]
    warm = {plan.key for plan in plans(site)}

    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    asked = [
        site.plan(QueryRequest(example.query), accept=browser, pages=True) for example in EXAMPLES
    ]

    assert {plan.key for plan in asked} <= warm


def test_everything_that_is_ready_has_an_answer_to_keep(app: Flask) -> None:
    site: Site = app.extensions["unipact"]

    for plan in plans(site):
        assert plan.cacheable
        assert b"".join(site.service.answer(plan, client="").pieces())
