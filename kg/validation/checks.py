"""Checks of the whole graph: SPARQL queries whose every row is a defect."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from kg.errors import OntologyError, Place
from kg.iris import Iris
from kg.validation.report import Result
from kg.validation.triggers import FOCUS, Trigger, triggers

_HEAD: Final = re.compile(r"^# (message|severity): (.+)$", re.MULTILINE)
_SEVERITIES: Final = ("Violation", "Warning", "Info")
_WHERE: Final = re.compile(r"\bWHERE\s*\{")
_MINUS: Final = re.compile(r"\bMINUS\s*\{(?=[^{}]*\?focus\b)")
_CHECK: Final = "https://w3id.org/unipact/shapes#check-"

Rows = Iterable[Any]  # each gives the term of a column by `row["focus"]`


@dataclass(frozen=True, slots=True)
class Check:
    """A query that selects `?focus`, and if need be `?value` and `?message`, of each defect.

    `triggers` say which changes concern it; without any, each change concerns the whole of it.
    """

    name: str
    query: str
    message: str
    severity: str
    triggers: tuple[Trigger, ...] = ()


def load_checks(folder: Path, *, iris: Iris | None = None) -> tuple[Check, ...]:
    """Read every `*.rq` of a folder, by name; its head has `# message: …` and `# severity: …`.

    The checks name concepts under the default base; `iris` gives the one under which they stand.

    Raises:
        OntologyError: a query lacks its message or has a severity that does not exist.
    """
    return tuple(_read(file, iris) for file in sorted(folder.glob("*.rq")))


def graph_checks(
    folder: Path, query: Callable[[str], Rows], *, iris: Iris | None = None
) -> tuple[Result, ...]:
    """Run the checks of a folder and return the defects, sorted.

    Args:
        folder: where the `*.rq` files are.
        query: runs a SELECT query over the merge of all graphs (which are also there by name),
            such as the `query` of a pyoxigraph store or an rdflib dataset.
        iris: gives the base under which the concepts stand.
    """
    checks = load_checks(folder, iris=iris)
    return tuple(sorted({found for check in checks for found in run_check(check, query)}))


def run_check(check: Check, query: Callable[[str], Rows]) -> tuple[Result, ...]:
    """Run one check and return its defects, sorted."""
    found = {_result(check, row) for row in query(check.query)}
    return tuple(sorted(found))


def restricted(check: Check, focus: Iterable[str]) -> Check:
    """Return a check that looks at some nodes only, given as encoded IRIs or literals.

    They are named in each `MINUS` that speaks of `?focus`, too, which else would be worked out for
    the whole graph.
    """
    values = f"{{ VALUES {FOCUS} {{ {' '.join(sorted(focus))} }}"
    query = _WHERE.sub(lambda match: match[0][:-1] + values, check.query, count=1)
    query = _MINUS.sub(lambda match: match[0][:-1] + values, query)
    return replace(check, query=query)


def with_concepts_of(text: str, iris: Iris | None) -> str:
    """Return a query or shapes that name the concepts under another base than the default one."""
    return text.replace(Iris().scheme(""), iris.scheme("")) if iris else text


def _read(file: Path, iris: Iris | None) -> Check:
    query = with_concepts_of(file.read_text(encoding="utf-8"), iris)
    head = dict(_HEAD.findall(query))
    if "message" not in head or head.get("severity") not in _SEVERITIES:
        hint = f"begin with '# message: …' and '# severity: …' ({', '.join(_SEVERITIES)})"
        raise OntologyError("a check without its head", where=Place(str(file), 1), hint=hint)
    found = triggers(query, where=Place(str(file), 1))
    if found and not _WHERE.search(query):
        hint = "a check that says when it is concerned has one WHERE { … }"
        raise OntologyError("a check without WHERE", where=Place(str(file), 1), hint=hint)
    return Check(file.stem, query, head["message"].strip(), head["severity"], found)


def _result(check: Check, row: Any) -> Result:
    value = _column(row, "value")
    return Result(
        focus=_plain(_column(row, "focus")),
        path="",
        value="" if value is None else _encoded(value),
        shape=_CHECK + check.name,
        component="SPARQLConstraintComponent",
        severity=check.severity,
        message=_plain(_column(row, "message")) or check.message,
    )


def _column(row: Any, name: str) -> Any:
    try:
        return row[name]
    except KeyError:
        return None


def _plain(term: Any) -> str:
    """Return the characters of a term of pyoxigraph or rdflib; a blank node keeps its `_:`."""
    if term is None:
        return ""
    if type(term).__name__ in ("BNode", "BlankNode"):
        return _encoded(term)
    return str(term) if isinstance(term, str) else str(term.value)


def _encoded(term: Any) -> str:
    return str(term.n3()) if hasattr(term, "n3") else str(term)
