"""Articles for tests, made of what is to be tested and as little else as possible."""

from __future__ import annotations

import json

from kg.articles import Source, read
from kg.articles.annotations import check
from kg.articles.mapper import map_article

TEXT = (
    "Northern University joined the Ring of Universities in 2016.\n"
    "Olga Smirnova, its vice-rector, met students of the university in Xi'an.\n"
)
HEAD = {
    "title": "Northern University hosts partners",
    "published": "2016-05-10",
    "language": "en",
    "publisher": "office",
}


class Checker:
    """Checks articles against the tiny authority."""

    def __init__(self, ontology, authority, iris, folder):
        self.known = {"ontology": ontology, "authority": authority, "iris": iris}
        self.folder = folder

    def checked(self, *, text=TEXT, slug="made", originals=None, **parts):
        """Return what `check` says of an article with these parts, read as a line of JSON."""
        content = json.dumps({"slug": slug, "article": HEAD, "text": text} | parts).encode()
        article = read(Source(self.folder / "made.jsonl", 1, content))
        return check(article, originals=originals, **self.known)

    def errors(self, **parts):
        """Return the errors as one text."""
        return "\n".join(map(str, self.checked(**parts).errors))

    def quads(self, **parts):
        """Return the quads of an article without errors."""
        checked = self.checked(**parts)
        assert not checked.errors, checked.errors[0]
        return list(map_article(checked.article, iris=self.known["iris"]))

    def values(self, key, **parts):
        """Return the local names of all values of a property of the ontology."""
        return [
            quad.object.rstrip(">").rsplit("/")[-1]
            for quad in self.quads(**parts)
            if quad.predicate.endswith(f"ontology#{key}>")
        ]


def fact(**properties):
    """Return `passages` with one fact, under the first sentence."""
    return {"p": {"quote": "Northern University joined", "facts": {"f": properties}}}


def mentioned(checked):
    """Return what is mentioned, as pairs of words and key."""
    article = checked.article
    return [
        (article.text[mention.span.start : mention.span.end], mention.entity[:-1].rsplit("/")[-1])
        for mention in article.mentions
    ]
