"""Where things are put on the map."""

from __future__ import annotations

import pytest

from server.explore.asked import Asked
from server.explore.places import markers, places
from server.explore.whole import Row, whole
from server.world import World

UP = "https://w3id.org/unipact/ontology#"
WORLD = World.of(
    {
        "viewBox": [0, 0, 960, 418],
        "projection": {"centre": 11, "scale": 170, "x": 480, "y": 240},
        "countries": [
            {"code": "CN", "names": {"en": "China", "ru": "Китай"}, "also": ["PR China"],
             "x": 700.0, "y": 150.0, "path": "M0 0"},
        ],
    }
)  # fmt: skip


def row(**values: str) -> Row:
    return {name: ["iri", value, "", ""] for name, value in values.items()}


def at(*spots: Row) -> tuple[list[str], int]:
    names = sorted({spot["thing"][1] for spot in spots} | {"lost"})
    things = [row(**{"thing": name, "class": f"{UP}University"}) for name in names]
    known = whole(ties=[], things=things, places=list(spots), dates=[], states=[], most=99)
    here, nowhere = places(known, Asked())
    circles, _ = markers(WORLD, here, {"china": ["PR China"]})
    return [f"{marker.here.iri} {marker.x} {marker.y}" for marker in circles], nowhere


def test_country_without_a_city_stands_in_its_middle() -> None:
    assert at(row(thing="a", country="china")) == (["china 700.0 150.0"], 1)


def test_city_wins_over_the_country() -> None:
    found, _ = at(
        row(thing="a", country="china"),
        row(thing="a", place="xian", latitude="0", longitude="11"),
    )

    assert found == ["xian 480.0 240.0"]


@pytest.mark.parametrize("degrees", ["", "x", "91", "nan", "inf"])
def test_degrees_that_are_none_fall_back_to_the_country(degrees: str) -> None:
    found, _ = at(row(thing="a", country="china", place="xian", latitude=degrees, longitude="0"))

    assert found == ["xian 700.0 150.0"]
