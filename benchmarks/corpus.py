"""A synthetic corpus of any size in UniPact's own format, the same for the same seed.

    python -m benchmarks.corpus ARTICLES FOLDER [--entities N] [--seed N]

Each article has about 6 kB of text, 25 mentions, an event of its own and ten facts, each with its
passage. Names mix scripts and share words, as real ones do.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

WORDS = (
    "the of and to in international cooperation partners projects students delegation agreement "
    "joint programme conference visited office development education research scientific exchange "
    "during online format within framework discussed prospects further implementation academic "
    "mobility winter double degree participants heads strategic area opening ceremony laboratory"
).split()
PLACES = (
    "North South Łódź Zürich Córdoba Münster Graz Xi'an Sofia Brno Томск Казань 北京 上海".split()
)
FIELDS = "Technical Pedagogical Medical Maritime Aerospace Mining Transport Economic Civil".split()
AUTHORITY_HEAD = """@prefix up: <https://w3id.org/unipact/ontology#> .
@prefix id: <https://w3id.org/unipact/id/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

"""


@dataclass(frozen=True, slots=True)
class Named:
    """A curated entity: its key, class and names."""

    key: str
    kind: str
    name: str
    short: str


def entities(count: int) -> list[Named]:
    """Return `count` universities, people and alliances, always the same ones."""
    chance = random.Random(42)
    found = []
    for number in range(count):
        kind = chance.choices(("University", "Person", "Alliance"), (70, 22, 8))[0]
        place, field_ = chance.choice(PLACES), chance.choice(FIELDS)
        if kind == "Person":
            name = f"{chance.choice(PLACES)} {chance.choice(WORDS).capitalize()}ov {number}"
        else:
            name = f"{place} {field_} {kind} {number}"
        short = f"{place[0]}{field_[0]}{kind[0]}-{number}"
        found.append(Named(f"{kind.lower()}-{number}", kind, name, short))
    return found


def authority(named: list[Named]) -> str:
    """Return the entities as an authority file."""
    lines = [
        f'id:{entity.key} a up:{entity.kind} ; skos:prefLabel "{entity.name}"@en ; '
        f'skos:altLabel "{entity.short}"@en .\n'
        for entity in named
    ]
    return AUTHORITY_HEAD + "".join(lines)


@dataclass(slots=True)
class _Writer:
    """Puts a text together and remembers where things stand in it."""

    parts: list[str] = field(default_factory=list)
    length: int = 0

    def add(self, words: str) -> str:
        """Append the words and return their span as `start-end`."""
        start = self.length
        self.parts.append(words)
        self.length += len(words)
        return f"{start}-{self.length}"


def _facts(
    chance: random.Random, local: dict[str, list[str]], year: int
) -> Iterator[dict[str, object]]:
    university, person, alliance = local["University"], local["Person"], local["Alliance"]
    begin = f"{year - chance.randrange(1, 9)}"
    yield {
        "is": "Membership",
        "member": university[0],
        "organization": alliance[0],
        "role": "member",
        "begin": begin,
    }
    for agent, role in (
        (university[1], "organizer"),
        (university[2], "participant"),
        (person[0], "speaker"),
    ):
        yield {"is": "Participation", "agent": agent, "event": "meeting", "role": role}
    yield {
        "is": "Agreement",
        "party": [university[0], university[1]],
        "kind": "cooperation-agreement",
        "status": chance.choice(("signed", "planned", "under-negotiation")),
        "when": f"{year}-{chance.randrange(1, 13):02d}",
    }
    yield {
        "is": "Partnership",
        "party": [university[1], university[2]],
        "level": chance.choice(("key", "strategic")),
    }
    yield {"is": "Post", "holder": person[0], "title": "Vice-Rector", "organization": university[0]}
    yield {
        "is": "Description",
        "about": "meeting",
        "mode": chance.choice(("online", "hybrid")),
        "when": f"{year}-03-{chance.randrange(1, 29):02d}",
    }
    yield {
        "is": "Count",
        "about": alliance[0],
        "counted": "member-universities",
        "moreThan": str(chance.randrange(20, 300)),
    }
    yield {
        "is": "Proposal",
        "proposer": university[2],
        "addressee": alliance[0],
        "status": "proposed",
        "subject": "joint laboratory",
    }


def article(number: int, named: dict[str, list[Named]], seed: int) -> dict[str, object]:
    """Return one article as an object of JSON Lines."""
    chance = random.Random(seed * 1_000_003 + number)
    chosen = {kind: chance.sample(some, 3) for kind, some in named.items()}
    local = {kind: [entity.key for entity in some] for kind, some in chosen.items()}
    flat = [entity for some in chosen.values() for entity in some]
    year = chance.randrange(2012, 2025)
    writer, mentions, passages = _Writer(), [], {}
    for place in range(25):
        writer.add(" ".join(chance.choices(WORDS, k=22)) + " ")
        entity = chance.choice(flat)
        span = writer.add(entity.name if chance.random() < 0.7 else entity.short)
        mentions.append({"at": span, "entity": entity.key})
        writer.add(". " if place % 3 == 2 else ", ")
    for place, fact in enumerate(_facts(chance, local, year)):
        span = writer.add(" ".join(chance.choices(WORDS, k=14)))
        writer.add(". ")
        passages[f"p{place}"] = {"at": span, "facts": {f"fact-{place}": fact}}
    meeting = {
        "is": "Event",
        "kind": "meeting",
        "label": f"meeting {number}",
        "status": "happened",
        "evidence": "p1",
    }
    return {
        "slug": f"{year}-06-{chance.randrange(10, 29)}-synthetic-{number:07d}",
        "article": {
            "title": " ".join(chance.choices(WORDS, k=8)).capitalize(),
            "published": f"{year + 1}-06-01",
            "language": "en",
            "publisher": local["University"][0],
        },
        "text": "".join(writer.parts),
        "entities": {"meeting": meeting},
        "mentions": mentions,
        "passages": passages,
    }


def write_corpus(folder: Path, *, articles: int, entities_count: int = 2000, seed: int = 7) -> Path:
    """Write a corpus that `unipact build --seeds FOLDER` takes, and return the folder."""
    some = entities(entities_count)
    (folder / "authority").mkdir(parents=True, exist_ok=True)
    (folder / "articles").mkdir(exist_ok=True)
    (folder / "authority" / "synthetic.ttl").write_text(authority(some), encoding="utf-8")
    named: dict[str, list[Named]] = {}
    for entity in some:
        named.setdefault(entity.kind, []).append(entity)
    with (folder / "articles" / "synthetic.jsonl").open("w", encoding="utf-8") as lines:
        for number in range(articles):
            lines.write(json.dumps(article(number, named, seed), ensure_ascii=False) + "\n")
    return folder


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("articles", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--entities", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    write_corpus(
        given.folder, articles=given.articles, entities_count=given.entities, seed=given.seed
    )


if __name__ == "__main__":
    main()
