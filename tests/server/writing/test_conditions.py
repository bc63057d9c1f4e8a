import pytest

from server.problems import Problem
from server.writing.conditions import Conditions, conditions

A, B = "0123456789abcdef", "fedcba9876543210"


@pytest.mark.parametrize(
    ("if_match", "if_none_match", "expected"),
    [
        ("", "", Conditions()),
        (f'"{A}"', "", Conditions((A,))),
        (f'"{A}", "{B}"', "", Conditions((A, B))),
        (f'"{A}-turtle-9f"', "", Conditions((A,))),
        (f'W/"{A}"', "", Conditions(())),
        ('"another"', "", Conditions(())),
        ("*", "", Conditions(exists=True)),
        ("", "*", Conditions(exists=False)),
        (f'"{A}"', " * ", Conditions((A,), exists=False)),
    ],
)
def test_headers_say_what_a_write_may_change(if_match, if_none_match, expected):
    assert conditions(if_match, if_none_match) == expected


@pytest.mark.parametrize(
    ("if_match", "if_none_match"), [(A, ""), (f'"{A}', ""), ("x, y", ""), ("", f'"{A}"')]
)
def test_headers_that_cannot_be_read_are_refused(if_match, if_none_match):
    with pytest.raises(Problem, match="If-"):
        conditions(if_match, if_none_match)
