"""A line of JSON Lines as a tree with places: the file and line, and the path inside the line."""

from __future__ import annotations

import json
from collections.abc import Iterable

from kg.articles.documents import (
    DEPTH_LIMIT,
    UNPRINTABLE,
    Branch,
    Document,
    Items,
    Node,
    Scalar,
    problem,
    put,
    scalar,
)
from kg.errors import KgError, Place, SyntaxProblem


class _Pairs(list[tuple[str, object]]):
    """A JSON object before its keys are known to be different."""


def read_json(text: str, *, place: Place) -> Document:
    """Read one JSON object; numbers and booleans become strings as they are written."""
    try:
        value = json.loads(
            text,
            object_pairs_hook=_Pairs,
            parse_int=str,
            parse_float=str,
            parse_constant=str,
        )
    except json.JSONDecodeError as error:
        what = f"not JSON: {error.msg} at character {error.pos + 1}"
        return Document(None, (SyntaxProblem(what, where=place),))
    except RecursionError:
        return Document(None, (SyntaxProblem(f"nested more than {DEPTH_LIMIT} deep", where=place),))
    errors: list[KgError] = []
    if not isinstance(value, _Pairs):
        return Document(None, (SyntaxProblem("the line is not a JSON object", where=place),))
    root = _from_json(value, "", place, 0, errors)
    return Document(root if isinstance(root, Branch) else None, tuple(errors))


def _from_json(value: object, path: str, place: Place, depth: int, errors: list[KgError]) -> Node:
    if isinstance(value, str):
        node = scalar(value, place, path)
        if bad := UNPRINTABLE.search(value):
            what = f"the character U+{ord(bad[0]):04X} is not allowed"
            errors.append(problem(SyntaxProblem, node, what))
            return scalar("?", place, path)
        return node
    if isinstance(value, bool):
        return scalar("true" if value else "false", place, path)
    if value is None:
        return scalar("", place, path)
    if depth == DEPTH_LIMIT:
        here = scalar("", place, path)
        errors.append(problem(SyntaxProblem, here, f"nested more than {DEPTH_LIMIT} deep"))
        return here
    if isinstance(value, _Pairs):
        return _object(value, path, place, depth, errors)
    assert isinstance(value, list)
    return _array(value, path, place, depth, errors)


def _object(pairs: _Pairs, path: str, place: Place, depth: int, errors: list[KgError]) -> Branch:
    branch = Branch()
    branch.place, branch.path = place, path
    for name, value in pairs:
        below = f"{path}.{name}" if path else name
        key = scalar(name, place, below)
        put(branch, key, _from_json(value, below, place, depth + 1, errors), errors)
    return branch


def _array(
    values: Iterable[object], path: str, place: Place, depth: int, errors: list[KgError]
) -> Items:
    items = Items()
    items.place, items.path = place, path
    for index, value in enumerate(values):
        node = _from_json(value, f"{path}[{index}]", place, depth + 1, errors)
        if isinstance(node, Scalar) and not node.strip():
            errors.append(problem(SyntaxProblem, node, "an entry of the list is empty"))
        else:
            items.append(node)
    return items
