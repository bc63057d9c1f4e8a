"""Rules: SPARQL CONSTRUCT queries that derive triples from the merge of all graphs.

A rule may say that a fact supports an edge:

    CONSTRUCT { ?fact up:yields [ rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o ] } WHERE { … }

The edge `?s ?p ?o` is then added, with a node of its own that ties it to the fact, in place of the
blank node. What rests only on somebody's words (`?fact up:accordingTo ?speaker`) goes to a graph of
its own, so that a user can leave it out. What a rule derives is visible to the next.

Its head may say what it reads to decide about one node, so that a small change is followed by
deriving little anew; see `kg.rules.reads`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from pyoxigraph import NamedNode, QueryTriples, Store

from kg.errors import KgError, OntologyError, Place, Problems
from kg.iris import Iris
from kg.releases.stores import add, decode, named
from kg.rules.reads import DECLARED, focuses
from kg.rules.results import Rule, quads_of, results
from kg.rules.templates import check
from kg.terms import Quad

__all__ = ["Rule", "derive", "load_rules"]


def load_rules(folder: Path) -> tuple[Rule, ...]:
    """Read the rules of a folder, `*.rq`, in the order of their names; no folder is no rules.

    Raises:
        Problems: files that do not begin with a comment that says what they derive, that are not
            a CONSTRUCT query, or that wrongly say what they read; all of them are named.
    """
    rules: list[Rule] = []
    errors: list[KgError] = []
    for file in sorted(folder.glob("*.rq")):
        try:
            rules.append(_read(file))
        except OntologyError as error:
            errors.append(error)
    if errors:
        raise Problems(errors)
    return tuple(rules)


def derive(rules: Sequence[Rule], store: Store, iris: Iris) -> Iterator[Quad]:
    """Run the rules in order, add what they derive to the store, and yield it, rule by rule sorted.

    Each quad goes to its named graph and, without it, to the default graph. Triples that the
    store's other graphs state already are not derived again.

    Raises:
        OntologyError: a rule fails, or its result holds a blank node in another place.
    """
    for rule in rules:
        derived = sorted(_derived(rule, store, iris))
        add(store, derived)
        yield from derived


def _read(file: Path) -> Rule:
    where = Place(str(file), 1)
    try:
        query = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise OntologyError(f"cannot be read: {error}", where=where) from error
    comment = re.match(r"(?:#.*\n)+", query)
    lines = comment[0].splitlines() if comment else []
    caption = "\n".join(line.strip("# \t") for line in lines if not DECLARED.match(line)).strip()
    if not caption:
        hint = "begin with a comment: # Derives: … From: …"
        raise OntologyError("the rule does not say what it derives", where=where, hint=hint)
    try:
        found = Store().query(query)
    except SyntaxError as error:
        raise OntologyError(f"not a SPARQL query: {error.msg}", where=where) from error
    if not isinstance(found, QueryTriples):
        raise OntologyError("the rule is not a CONSTRUCT query", where=where)
    rule = Rule(name=file.stem, caption=caption, query=query, file=str(file))
    if declared := focuses(rule):
        check(rule, declared)
    return rule


def _derived(rule: Rule, store: Store, iris: Iris) -> set[Quad]:
    attributed = iris.graph("derived-attributed")
    return {
        quad
        for result in results(rule.under(iris), store)
        for quad in quads_of(result, iris)
        if result.fact or not _stated(store, quad, besides=attributed)
    }


def _stated(store: Store, quad: Quad, *, besides: str) -> bool:
    """Tell whether a named graph, other than the one of what is only said, holds the triple."""
    subject, predicate = named(quad.subject), named(quad.predicate)
    found = store.quads_for_pattern(subject, predicate, decode(quad.object), None)
    graphs = (quad.graph_name for quad in found)
    return any(isinstance(graph, NamedNode) and graph.value != besides for graph in graphs)
