"""What bars tell of uncertain dates."""

from __future__ import annotations

from datetime import date

import pytest

from server.explore.timeline import parts, span_of
from server.explore.whole import Dated, days


def dated(how: str, edtf: str, earliest: str, latest: str) -> Dated:
    return Dated(how, edtf, "", earliest, latest)


def drawn(*dates: Dated) -> list[tuple[str, str, str, str]]:
    span = span_of(dates)
    assert span
    return [
        (
            part.kind,
            date.fromordinal(int(part.begin)).isoformat(),
            date.fromordinal(int(part.end)).isoformat(),
            part.fades,
        )
        for part in parts(span, right=date(2030, 1, 1).toordinal())
    ]


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        pytest.param(
            [dated("when", "2020-11-27", "2020-11-27", "2020-11-27")],
            [("point", "2020-11-27", "2020-11-28", "")],
            id="a day",
        ),
        pytest.param(
            [dated("when", "2020", "2020-01-01", "2020-12-31")],
            [("unsure", "2020-01-01", "2021-01-01", "")],
            id="some time in a year",
        ),
        pytest.param(
            [dated("when", "2021-04/2021-05-19", "2021-04-01", "2021-05-19")],
            [("unsure", "2021-04-01", "2021-05-01", ""), ("sure", "2021-05-01", "2021-05-19", ""),
             ("sure", "2021-05-19", "2021-05-20", "")],
            id="from some day of a month to a day",
        ),
        pytest.param(
            [dated("begin", "2016", "2016-01-01", "2016-12-31")],
            [("unsure", "2016-01-01", "2017-01-01", ""),
             ("open", "2017-01-01", "2030-01-01", "right")],
            id="begun and not ended",
        ),
        pytest.param(
            [dated("begin", "2016", "2016-01-01", "2016-12-31"),
             dated("end", "2018", "2018-01-01", "2018-12-31")],
            [("unsure", "2016-01-01", "2017-01-01", ""), ("sure", "2017-01-01", "2018-01-01", ""),
             ("unsure", "2018-01-01", "2019-01-01", "")],
            id="begun and ended",
        ),
    ],
)  # fmt: skip
def test_bar(dates: list[Dated], expected: list[tuple[str, str, str, str]]) -> None:
    assert drawn(*dates) == expected


def test_open_begin_fades_to_the_left() -> None:
    (part,) = drawn(dated("when", "[..2021-05-19]", "", "2021-05-19"))

    assert (part[0], part[2], part[3]) == ("unsure", "2021-05-20", "left")


def test_known_as_of_a_day_is_open_both_ways() -> None:
    found = drawn(dated("asOf", "2022-06-10", "2022-06-10", "2022-06-10"))

    assert [(kind, fades) for kind, _, _, fades in found] == [
        ("open", "left"), ("point", ""), ("open", "right"),
    ]  # fmt: skip


@pytest.mark.parametrize("day", ["0000-01-01", "2020-02-30", "-0044-03-15", "x", "99999-01-01"])
def test_day_that_is_none_draws_nothing(day: str) -> None:
    span = span_of([dated("when", day, day, day)])

    assert span is None or parts(span, right=800_000) == ()


def test_what_began_and_did_not_end_goes_on() -> None:
    assert days([dated("begin", "2016", "2016-01-01", "2016-12-31")]) == ("2016-01-01", "")
