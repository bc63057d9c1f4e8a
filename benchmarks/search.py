"""How long a search by name takes in an index of many labels.

    python -m benchmarks.search [--labels 100000]

The names are made up, of the words that names of universities are made of, a fifth of them Chinese.
Figures are milliseconds of one search, as /search and its suggestions ask it.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from kg.prefixes import VOCABULARIES
from kg.releases.labels import search, write_index

WORDS = (
    "university institute technology state national polytechnic science medical academy college "
    "of the north south east west kazan bergen torino graz union alliance silk road"
).split()
IDEOGRAPHS = "大学理工北京上海西安南华东业技术院"
SYLLABLES = [consonant + vowel for consonant in "bcdfghklmnprstvz" for vowel in "aeiou"]
KNOWN = {
    "lodz": ("Łódź", "pl"),
    "strasse": ("Hochschule an der Straße", "de"),
    "елка": ("Ёлка", "ru"),
    "交通": ("西安交通大学", "zh"),
}
TYPED = (*KNOWN, "u", "un", "univ", "university of tech", "a", "大", "s t u n", "of the of", "zzz")
REPEATED = 50


def names(count: int, *, seed: int = 1) -> Iterator[tuple[str, str]]:
    """Yield made-up names with their languages, and among them those of `KNOWN`."""
    chance = random.Random(seed)
    yield from KNOWN.values()
    for number in range(count - len(KNOWN)):
        if number % 5 == 0:
            yield "".join(chance.choices(IDEOGRAPHS, k=chance.randint(4, 9))), "zh"
            continue
        own = ["".join(chance.choices(SYLLABLES, k=chance.randint(3, 5))).title()]
        words = own + chance.choices(WORDS, k=chance.randint(1, 4))
        chance.shuffle(words)
        yield " ".join(words), "en"


def make_index(folder: Path, *, count: int) -> Path:
    """Write an index of so many labels into a folder."""
    chance = random.Random(2)
    university = f"{VOCABULARIES['up']}University"
    with (folder / "labels").open("w", encoding="utf-8") as labels:
        for number, (name, language) in enumerate(names(count)):
            labels.write(f"<urn:{number:07d}>\t{language}\tpref\t{university}\t{name}\n")
    with (folder / "references").open("w", encoding="utf-8") as references:
        for _ in range(count * 3):
            references.write(f"<urn:{int(chance.paretovariate(1)) % count:07d}>\n")
    index = folder / "search.db"
    write_index(folder / "labels", folder / "references", index, work=folder)
    return index


def milliseconds(index: Path, typed: str) -> list[float]:
    """Return how long each of some searches took."""
    found = []
    for _ in range(REPEATED):
        begun = time.perf_counter()
        search(index, typed, 80)
        found.append((time.perf_counter() - begun) * 1000)
    return sorted(found)


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--labels", type=int, default=100_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        index = make_index(Path(folder), count=asked.labels)
        print(f"{asked.labels:,} labels, {index.stat().st_size / 1e6:.0f} MB\n")
        print("typed                  hits  median ms  p95 ms")
        for typed in TYPED:
            taken, hits = milliseconds(index, typed), len(search(index, typed, 80))
            worst = taken[int(REPEATED * 0.95)]
            print(f"{typed:22} {hits:4} {statistics.median(taken):10.2f} {worst:7.2f}")


if __name__ == "__main__":
    main()
