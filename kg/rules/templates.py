"""The two halves of a rule: what it makes, as patterns, and its query, which can be restricted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from pyoxigraph import Literal, NamedNode, Store, Triple

from kg.errors import OntologyError, Place
from kg.rules.reads import Focus
from kg.rules.results import YIELDS, Rule, results

_TOKEN: Final = re.compile(
    r"""#[^\n]*|<[^<>"{}|^`\\\s]*>|"{3}.*?"{3}|'{3}.*?'{3}|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'"""
    r"""|[{}]""",
    re.DOTALL,
)
_VARIABLE: Final = re.compile(r"[?$](\w+)")
_MARK: Final = "urn:unipact:variable:"

Term = str | NamedNode | Literal  # a variable's name, or a constant
Terms = tuple[Term, Term, Term]


@dataclass(frozen=True, slots=True)
class Templates:
    """What a rule makes.

    Attributes:
        plain: the triples.
        edges: the edges, each with the fact that yields it.
    """

    plain: tuple[Terms, ...]
    edges: tuple[tuple[Term, Terms], ...]

    @classmethod
    def of(cls, rule: Rule) -> Templates:
        """Read the templates of a rule.

        Raises:
            OntologyError: its query has a form that cannot be restricted.
        """
        head, template, _ = _halves(rule)
        names = sorted({match[1] for match in _VARIABLE.finditer(_bare(template))})
        variables, marks = (
            " ".join(f"{before}{name}{after}" for name in names)
            for before, after in (("?", ""), (f"<{_MARK}", ">"))
        )
        query = f"{head}{template} WHERE {{ VALUES ({variables}) {{ ({marks}) }} }}"
        found = list(results(replace(rule, query=query), Store()))
        plain = tuple(_terms(result.triple) for result in found if not result.fact)
        edges = ((_term(result.fact), _terms(result.triple)) for result in found if result.fact)
        return cls(plain, tuple(edges))


def check(rule: Rule, declared: Sequence[Focus]) -> None:
    """Refuse a declaration that does not tell for which focus a triple is made.

    Raises:
        OntologyError: no line leads from a template to a focus.
    """
    templates = Templates.of(rule)
    yields = NamedNode(YIELDS)
    made = [*templates.plain, *((fact, yields, "") for fact, _ in templates.edges)]
    for terms in made:
        if not any(focus.name in terms or _leads(terms, focus) for focus in declared):
            text = " ".join(f"?{part}" if isinstance(part, str) else str(part) for part in terms)
            what = f"no line `makes:` leads from {text} to a focus"
            raise OntologyError(what, where=Place(rule.file, 1))


def restricted(rule: Rule, focus: str, values: Iterable[NamedNode]) -> Rule:
    """Return the rule for some values of a variable only."""
    head, template, group = _halves(rule)
    given = " ".join(map(str, values))
    where = f"WHERE {{ {group}\nFILTER(BOUND(?{focus})) }}"
    return replace(rule, query=f"{head}{template} {where} VALUES ?{focus} {{ {given} }}")


def _leads(terms: Terms, focus: Focus) -> bool:
    """Tell whether a line starts at triples that a template makes."""
    return any(
        isinstance(made.triple.predicates, str) or terms[1] in made.triple.predicates
        for made in focus.makes
    )


@lru_cache(maxsize=256)
def _halves(rule: Rule) -> tuple[str, str, str]:
    """Return what stands before the template, the template, and the group behind WHERE."""
    query, depth = rule.query, 0
    starts: list[int] = []
    ends: list[int] = []
    for match in _TOKEN.finditer(query):
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        if match[0] == "{" and depth == 1:
            starts.append(match.start())
        elif match[0] == "}" and depth == 0:
            ends.append(match.end())
    between = query[ends[0] : starts[1]] if len(starts) == 2 else ""
    rest = query[ends[-1] :]
    if not re.fullmatch(r"\s*(WHERE)?\s*", between, re.IGNORECASE) or re.sub(r"#.*|\s", "", rest):
        hint = "CONSTRUCT { … } WHERE { … }, and nothing after it; or leave the focus out"
        where = Place(rule.file, 1)
        raise OntologyError("a rule of this form can have no focus", where=where, hint=hint)
    head, template = query[: starts[0]], query[starts[0] : ends[0]]
    return head, template, query[starts[1] : ends[1]]


def _bare(text: str) -> str:
    """Return the text without comments, names in angle brackets and strings."""
    return _TOKEN.sub(lambda match: match[0] if match[0] in "{}" else " ", text)


def _terms(triple: Triple) -> Terms:
    return _term(triple.subject), _term(triple.predicate), _term(triple.object)


def _term(term: object) -> Term:
    if isinstance(term, NamedNode) and term.value.startswith(_MARK):
        return term.value.removeprefix(_MARK)
    assert isinstance(term, NamedNode | Literal)
    return term
