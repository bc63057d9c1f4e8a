import pytest

from kg.errors import InputError
from server.access import scopes

BASE = "https://example.org/"
AUTHORITY = f"{BASE}graph/authority"


@pytest.mark.parametrize(
    ("scope", "graph", "allowed"),
    [
        ("admin", AUTHORITY, True),
        ("admin", "https://elsewhere.org/g", True),
        ("write:graph=authority", AUTHORITY, True),
        ("write:graph=authority", f"{AUTHORITY}2", False),
        ("write:graph=auth", AUTHORITY, False),
        ("write:graph=auth*", AUTHORITY, True),
        ("write:graph=*", "https://elsewhere.org/g", True),
        (f"write:graph={AUTHORITY}", AUTHORITY, True),
        ("write:graph=https://elsewhere.org/*", "https://elsewhere.org/g", True),
        ("write:graph=https://elsewhere.org/*", AUTHORITY, False),
        ("write:graph=Authority", AUTHORITY, False),
        ("links", f"{BASE}graph/links", True),
        ("links", AUTHORITY, False),
        ("annotate", f"{BASE}graph/article/2020-12-04-uasr", True),
        ("annotate", f"{BASE}graph/articles", False),
        ("annotate", AUTHORITY, False),
    ],
)
def test_scope_allows_the_graphs_it_names(scope, graph, allowed):
    assert scopes.allows([scopes.parse(scope)], graph, BASE) is allowed


@pytest.mark.parametrize(
    "written",
    [
        "",
        "write",
        "write:",
        "write:graph=",
        "read",
        "ADMIN",
        "write:graph=a b",
        "write:graph=<a>",
        "*",
        "write:graph=a*b",
    ],
)
def test_what_is_no_scope_is_refused_with_those_there_are(written):
    with pytest.raises(InputError) as raised:
        scopes.parse(written)

    assert "annotate" in raised.value.hint


def test_only_admin_and_all_graphs_allow_writing_anywhere():
    anywhere = [
        scope
        for scope in ("admin", "links", "annotate", "write:graph=*", "write:graph=a*")
        if scopes.allows_any([scope])
    ]

    assert anywhere == ["admin", "write:graph=*"]


def test_scope_named_for_a_graph_allows_it():
    assert scopes.allows([scopes.for_graph(AUTHORITY, BASE)], AUTHORITY, BASE)
