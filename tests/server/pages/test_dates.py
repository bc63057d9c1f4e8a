"""Dates in words: nothing is told more exactly than the data say."""

from __future__ import annotations

import pytest
from flask import Flask

from server.pages.entity.dates import words

CASES = {
    "2016": "2016",
    "2016-02": "Feb 2016",
    "2016-02-29": "29 Feb 2016",
    "2020-03~/2020-05-28": "about Mar 2020 – 28 May 2020",
    "[2016..2020-12-04]": "between 2016 and 4 Dec 2020",
    "[..2022-06-10]": "by 10 Jun 2022",
    "[2021-05-19..]": "19 May 2021 or later",
    "2021/..": "from 2021",
    "../2021": "until 2021",
    "2020?": "perhaps 2020",
    "2020%": "perhaps about 2020",
    "2021-21": "spring 2021",
    "2016-02-30": "2016-02-30",
    "[2016,2018]": "[2016,2018]",
    "someday": "someday",
    "": "",
}


@pytest.mark.parametrize(("edtf", "told"), CASES.items())
def test_date_is_told_as_exactly_as_it_is_known(edtf: str, told: str) -> None:
    assert words(edtf) == told


def test_winter_tells_both_of_its_years() -> None:
    assert words("2019-24", earliest="2019-12-01", latest="2020-02-29") == "winter 2019/20"


@pytest.mark.parametrize(("language", "told"), [("ru", "29 февр. 2016"), ("zh", "2016年2月29日")])
def test_date_is_in_the_language_of_the_reader(app: Flask, language: str, told: str) -> None:
    with app.test_request_context(f"/?lang={language}"):
        assert words("2016-02-29").startswith(told)
