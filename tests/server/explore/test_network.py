"""Which things are chosen and what ties them."""

from __future__ import annotations

from server.explore.asked import Asked
from server.explore.network import network
from server.explore.whole import Row, Whole, whole

UP = "https://w3id.org/unipact/ontology#"
REALITY = "https://w3id.org/unipact/concept/reality/"


def row(**values: str) -> Row:
    return {
        name: ["literal" if name == "kind" else "iri", value, "", ""]
        for name, value in values.items()
    }


def tie(kind: str, one: str, two: str, reality: str = "actual", fact: str = "f") -> Row:
    return row(kind=kind, one=one, two=two, fact=fact, reality=REALITY + reality)


def made(ties: list[Row], **classes: str) -> Whole:
    things = [row(**{"thing": name, "class": UP + kind}) for name, kind in classes.items()]
    return whole(ties=ties, things=things, places=[], dates=[], states=[], most=1000)


def test_best_connected_come_first_and_none_stands_alone() -> None:
    universities = {f"u{number}": "University" for number in range(40)}
    ties = [tie("partnership", "u0", f"u{number}", fact=f"{number}") for number in range(1, 40)]

    found = network(made(ties, **universities), Asked(), most=10)

    assert (len(found.nodes), found.total, found.nodes[0].iri) == (10, 40, "u0")
    assert len(found.edges) == 9


def test_facts_of_one_tie_are_gathered_and_the_most_real_counts() -> None:
    ties = [tie("agreement", "a", "b", "prospective", "f1"), tie("agreement", "a", "b", fact="f2")]

    (edge,) = network(made(ties, a="University", b="University"), Asked()).edges

    assert (edge.reality, edge.facts) == ("actual", ("f1", "f2"))


def test_those_who_met_at_an_event_are_tied_but_not_at_a_crowd() -> None:
    few = [tie("participation", name, "meeting") for name in ("a", "b")]
    many = [tie("participation", f"c{number}", "congress") for number in range(30)]
    classes = dict.fromkeys(("a", "b", *(f"c{n}" for n in range(30))), "University")

    known = made([*few, *many], meeting="Event", congress="Event", **classes)

    assert [(edge.one, edge.two) for edge in network(known, Asked()).edges] == [("a", "b")]
    assert known.crowded == 1


def test_planned_presence_ties_only_as_planned() -> None:
    ties = [tie("participation", "a", "m"), tie("participation", "b", "m", "prospective")]

    known = made(ties, a="University", b="University", m="Event")

    assert [edge.reality for edge in network(known, Asked()).edges] == ["prospective"]


def test_special_class_wins_over_the_general_one() -> None:
    things = [row(**{"thing": "a", "class": UP + kind}) for kind in ("University", "Organization")]

    known = whole(ties=[], things=things, places=[], dates=[], states=[], most=1000)

    assert known.classes == {"a": "University"}


def test_full_answer_is_told_as_cut() -> None:
    things = [row(**{"thing": name, "class": UP + "University"}) for name in "abc"]

    assert whole(ties=[], things=things, places=[], dates=[], states=[], most=3).cut
