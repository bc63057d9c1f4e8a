"""Names as they are compared: folded, romanised, of ordinary words, without what says nothing."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from rapidfuzz import fuzz, process

from kg.folding import IDEOGRAPH, fold
from kg.matching.romanisation import romanise

_POSSESSIVE: Final = re.compile(r"['’]s\b", re.IGNORECASE)
_DIGITS: Final = re.compile(r"(?<=[^\W\d])(?=\d)|(?<=\d)(?=[^\W\d])")
_BRACKETED: Final = re.compile(r"\(([^()]{2,60})\)")
_TAIL: Final = re.compile(r",\s*([^,()]{2,60})$")
_SPELT: Final = re.compile(r"(?<!\S)[^\W\d](?: [^\W\d])+(?!\S)")
_MISSPELT: Final = 80.0  # similarity of a misspelt country in brackets, 0 to 100


@dataclass(frozen=True, slots=True)
class Form:
    """A name made comparable.

    `plain` has all words in their order, `words` those that tell, brought to one word for each
    meaning; `key` is the same without regard to order. `country` comes from the name's end.
    """

    plain: str
    words: tuple[str, ...]
    country: str = ""

    @property
    def key(self) -> str:
        """The words sorted, so that two names of the same words have the same key."""
        return " ".join(sorted(self.words))


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The word lists of `words.toml`."""

    stop: frozenset[str]
    legal: frozenset[str]
    after: frozenset[str]
    same: Mapping[str, str]


@cache
def vocabulary() -> Vocabulary:
    """Return the word lists that come with this package."""
    text = Path(__file__).with_name("words.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    same = {other: word for word, others in table["same"].items() for other in others.split()}
    return Vocabulary(
        stop=frozenset(table["stop"].split()),
        legal=frozenset(table["legal"].split()),
        after=frozenset(table["after"].split()),
        same=same,
    )


def normalise(
    text: str, *, countries: Mapping[str, str] | None = None, misspelt: bool = False
) -> Form:
    """Return a name made comparable; `countries` says which folded names are those of countries.

    With `misspelt`, countries in brackets are known by names that are nearly right, too.

    >>> normalise("The Univ. of Łódź").key == normalise("Lodz University").key
    True
    >>> normalise("Huawei (China)", countries={"china": "CN"})
    Form(plain='huawei', words=('huawei',), country='CN')
    """
    text, country = _without_country(_POSSESSIVE.sub("", text), countries or {}, misspelt)
    plain = _plain(text)
    return Form(plain, _telling(plain.split()), country)


def in_latin(text: str) -> str:
    """Return a name in Latin letters if it has letters of other scripts, else nothing."""
    latin = romanise(text)
    return latin if latin != text and not IDEOGRAPH.search(latin) else ""


def _plain(text: str) -> str:
    folded = _DIGITS.sub(" ", fold(text))
    return _SPELT.sub(_joined, folded)


def _joined(match: re.Match[str]) -> str:
    spelt = match.group()
    if IDEOGRAPH.search(spelt):
        return spelt
    return spelt.replace(" ", "") + (" " if spelt.endswith(" ") else "")


def _without_country(text: str, countries: Mapping[str, str], misspelt: bool) -> tuple[str, str]:
    """Take out a country in brackets, or after a comma at the end."""
    for match in (*_BRACKETED.finditer(text), *_TAIL.finditer(text)):
        name = fold(match[1])
        code = countries.get(name, "")
        if not code and misspelt and text[match.start()] == "(":
            near = process.extractOne(
                name, list(countries), scorer=fuzz.ratio, score_cutoff=_MISSPELT
            )
            code = countries[near[0]] if near else ""
        left = f"{text[: match.start()]} {text[match.end() :]}"
        if code and fold(left):
            return left, code
    return text, ""


def _telling(words: list[str]) -> tuple[str, ...]:
    """Return the words that tell one name from another; all of them when none does."""
    lists = vocabulary()
    if len(words) > 1 and words[-1] in lists.after:
        words = words[:-1]
    kept = [word for word in words if word not in lists.stop]
    kept = [word for word in kept if word not in lists.legal] or kept or words
    return tuple(lists.same.get(word, word) for word in kept)
