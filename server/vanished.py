"""An IRI that the current release does not know: it moved, was withdrawn, or never was one."""

from __future__ import annotations

import re
import sqlite3
from typing import Final
from urllib.parse import quote_plus, unquote

from kg.errors import KgError
from kg.releases.labels import search
from server.problems import Problem
from server.site import Site

_MOST_NAMES: Final = 3
_MOST_WORDS: Final = 5
_MOST_BEGINNINGS: Final = 8


def successor(site: Site, iri: str) -> str:
    """Return the IRI that took the place of a retired one, "" when it was not retired.

    Raises:
        Problem: it was retired without a successor, or withdrawn (410).
    """
    retired, passed = site.retired(), [iri]
    while passed[-1] in retired:
        following = retired[passed[-1]]
        if not following or following in passed:
            raise _gone()
        passed.append(following)
    if passed == [iri] and _is_purged(site, iri):
        raise _gone()
    return passed[-1] if passed != [iri] else ""


def unknown(site: Site, room: str, rest: str) -> Problem:
    """Return the problem for a name that is not there, with the nearest names that are."""
    words = re.findall(r"\w+", unquote(rest.rpartition("/")[2]))[:_MOST_WORDS]
    what = "entity" if room in ("doc", "id") else room
    hint = f"look for it: /search?q={quote_plus(' '.join(words)[:80])}"
    near = "".join(f"\n{path}  {label}" for path, label in _nearest(site, words).items())
    if near:
        hint += f"\nnear it:{near}"
    return Problem("not-found", f"the current release has no {what} of this name", hint=hint)


def _gone() -> Problem:
    hint = "what is there now: /search"
    return Problem("gone", "this was published once and has been withdrawn", hint=hint)


def _is_purged(site: Site, iri: str) -> bool:
    """Tell whether an IRI was purged, or was a part of an article that was."""
    try:
        purged = site.releases.purged()
    except KgError:
        return False
    base = site.current().manifest.base
    article = iri.removeprefix(f"{base}id/").partition("/")[0]
    return iri in purged or f"{base}article/{article}" in purged


def _nearest(site: Site, words: list[str]) -> dict[str, str]:
    """Return path → label of things named so; failing that, by one word, or its beginning."""
    addresses = site.addresses()
    longest = sorted(words, key=len, reverse=True)
    beginnings = [longest[0][:end] for end in range(len(longest[0]) - 1, 2, -1)] if words else []
    tried = [" ".join(words), *longest, *beginnings[:_MOST_BEGINNINGS]]
    for text in dict.fromkeys(tried):
        try:
            hits = search(site.current().search_db, text, 4 * _MOST_NAMES)
        except sqlite3.Error:
            return {}
        paths = {addresses.path(hit.iri): hit.label for hit in reversed(hits)}
        near = {path: label for path, label in reversed(paths.items()) if path}
        if near:
            return dict(list(near.items())[:_MOST_NAMES])
    return {}
