"""Trains the model of `kg.matching.model` on mentions whose organisation is known.

    python -m kg.matching.training --records DUMP --mentions TSV [--output FILE]

Mentions are a table with the columns mention, country, ror (an identifier or NIL) and kind. They
are split by organisation, so that none is both learnt from and tested on: a fifth is held out,
weights are fitted on the rest, and thresholds are set by cross-validation within it.
"""

from __future__ import annotations

import argparse
import csv
import math
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from kg.matching.features import NAMES, Compared, Comparer
from kg.matching.fitting import fit
from kg.matching.index import Index
from kg.matching.matcher import LOOKED_AT, Decision, Matcher, Outcome
from kg.matching.model import SHIPPED, STANDING, Model, standing, values
from kg.matching.normalisation import Form
from kg.matching.records import Mention
from kg.matching.ror import read_ror

NIL: Final = "NIL"
FOLDS: Final = 5
_PRECISION: Final = 0.994  # of what is accepted, in cross-validation
_RECALL: Final = 0.765  # of accepting; what is found beyond this is given up for precision
_NOTHING: Final = 0.955  # share of mentions without a record for which nothing is proposed


@dataclass(frozen=True, slots=True)
class Example:
    """A mention, the record that it means or NIL, the kind of noise in it, and its candidates."""

    mention: Mention
    meant: str
    noise: str
    form: Form
    found: tuple[Compared, ...]
    ids: tuple[str, ...]

    @property
    def group(self) -> str:
        """The organisation; for one that is not in the index, the record most like it."""
        return self.meant if self.meant != NIL else "".join(self.ids[:1])

    def part(self, salt: str = "") -> int:
        """Return to which of the five parts the organisation belongs."""
        return zlib.crc32((salt + self.group).encode()) % FOLDS


Judged = tuple[Example, Outcome]


def read_examples(path: Path, index: Index) -> list[Example]:
    """Return the mentions of a table with their candidates."""
    comparer = Comparer(index)
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [_example(row, index, comparer) for row in rows]


def _example(row: dict[str, str], index: Index, comparer: Comparer) -> Example:
    mention = Mention(row["mention"], country=row["country"])
    form = index.normalise(mention.name)
    found = tuple(comparer.candidates(mention, form, limit=LOOKED_AT))
    ids = tuple(index.record(one.known.record).id for one in found)
    return Example(mention, row["ror"], row["kind"], form, found, ids)


def held_out(examples: Iterable[Example]) -> tuple[list[Example], list[Example]]:
    """Return the examples to learn from, and those that are held out."""
    learnt: list[Example] = []
    kept: list[Example] = []
    for example in examples:
        (kept if example.part() == 0 else learnt).append(example)
    return learnt, kept


def train(examples: Sequence[Example], index: Index) -> Model:
    """Return the model that these examples teach, thresholds included."""
    told = cross_validated(examples, index)
    model = _fitted(examples)
    return replace(model, accept=_accept(told), review=_review(told))


def cross_validated(
    examples: Sequence[Example], index: Index, *, accept: float = 0.0, review: float = 0.0
) -> list[Judged]:
    """Return what is decided for each example by a model of the organisations of other parts."""
    told: list[Judged] = []
    for part in range(FOLDS):
        rest = [example for example in examples if example.part("fold ") != part]
        fold = [example for example in examples if example.part("fold ") == part]
        model = replace(_fitted(rest), accept=accept, review=review)
        told += judged(fold, Matcher(index, model))
    return told


def judged(examples: Iterable[Example], matcher: Matcher) -> list[Judged]:
    """Return what a matcher decides for each example."""
    return [(one, matcher.judge(one.mention, one.form, one.found)) for one in examples]


def _fitted(examples: Sequence[Example]) -> Model:
    """Return a model that accepts whatever the rules allow."""
    rows = [values(found.features) for example in examples for found in example.found]
    meant = [identifier == example.meant for example in examples for identifier in example.ids]
    likeness = fit(rows, meant)
    best_rows, best_meant = [], []
    for example in examples:
        scored = sorted(
            (-likeness.log_odds(values(found.features)), at)
            for at, found in enumerate(example.found)
        )
        if scored:
            best = scored[0][1]
            stands = standing([-odds for odds, _ in scored])
            features = values(example.found[best].features)
            best_rows.append((stands.likeness, stands.lead, stands.rivals, *features))
            best_meant.append(example.ids[best] == example.meant)
    return Model(likeness, fit(best_rows, best_meant), accept=0.0, review=0.0)


def _accept(told: Sequence[Judged]) -> float:
    """Return the confidence from which on what is accepted is precise enough.

    Where more than enough is found, it is the highest one that still finds enough.
    """
    free = [one for one in told if one[1].decision is Decision.ACCEPT]
    free.sort(key=lambda one: -one[1].confidence)
    enough = _RECALL * sum(example.meant != NIL for example, _ in told)
    right, threshold = 0, 1.0
    for count, (example, outcome) in enumerate(free, start=1):
        right += is_right(example, outcome)
        if right >= _PRECISION * count:
            threshold = outcome.confidence
            if right >= enough:
                break
    return _rounded(threshold)


def _review(told: Sequence[Judged]) -> float:
    """Return the lowest confidence from which on few enough mentions without a record are left."""
    wrong = sorted(
        outcome.confidence if outcome.decision is not Decision.NONE else 0.0
        for example, outcome in told
        if example.meant == NIL
    )
    return _rounded(wrong[min(len(wrong) - 1, int(_NOTHING * len(wrong)))])


def _rounded(threshold: float) -> float:
    return math.floor(threshold * 1000) / 1000


def is_right(example: Example, outcome: Outcome) -> bool:
    """Tell whether the record proposed is the one meant."""
    return outcome.best is not None and outcome.best.id == example.meant


def rates(pairs: Sequence[tuple[str, str]]) -> tuple[float, float, float]:
    """Return precision, recall and F1 of pairs of what is meant and what is proposed."""
    made = sum(bool(proposed) for _, proposed in pairs)
    right = sum(proposed == meant for meant, proposed in pairs)
    wanted = sum(meant != NIL for meant, _ in pairs)
    precision = right / made if made else 1.0
    recall = right / wanted if wanted else 1.0
    return precision, recall, 2 * precision * recall / (precision + recall) if right else 0.0


def _figures(told: Sequence[Judged]) -> str:
    proposed = [(one.meant, said.best.id if said.best else "") for one, said in told]
    accepted = [
        (one.meant, best if said.decision is Decision.ACCEPT else "")
        for (one, said), (_, best) in zip(told, proposed, strict=True)
    ]
    nothing = [not best for meant, best in proposed if meant == NIL]
    return (
        f"proposed: precision {rates(proposed)[0]:.3f}, recall {rates(proposed)[1]:.3f}; accepted:"
        f" {rates(accepted)[0]:.3f}, {rates(accepted)[1]:.3f}; no match:"
        f" {sum(nothing) / max(1, len(nothing)):.3f}"
    )


def write_model(model: Model, path: Path, *, notes: Sequence[str]) -> None:
    """Write a model as a file that a person can read, with notes at its head."""
    lines = [f"# {note}".rstrip() for note in notes]
    lines += ["", "[thresholds]", f"accept = {model.accept}", f"review = {model.review}"]
    for title, linear, names in (
        ("likeness", model.likeness, NAMES),
        ("confidence", model.confidence, (*STANDING, *NAMES)),
    ):
        lines += ["", f"[{title}]", f"bias = {linear.bias:.4f}"]
        lines += [
            f"{name} = {weight:.4f}" for name, weight in zip(names, linear.weights, strict=True)
        ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> None:
    """Train, and write the model."""
    parser = argparse.ArgumentParser(description="Train the model that matches names.")
    parser.add_argument("--records", type=Path, required=True, help="a ROR dump, schema v2")
    parser.add_argument("--mentions", type=Path, required=True, help="a table of known mentions")
    parser.add_argument("--output", type=Path, default=SHIPPED)
    chosen = parser.parse_args(arguments)
    index = Index.build(read_ror(chosen.records))
    learnt, kept = held_out(read_examples(chosen.mentions, index))
    model = train(learnt, index)
    write_model(model, chosen.output, notes=_notes(learnt, kept, index, model))


def _notes(
    learnt: Sequence[Example], kept: Sequence[Example], index: Index, model: Model
) -> list[str]:
    told = cross_validated(learnt, index, accept=model.accept, review=model.review)
    return [
        "The weights by which names are matched; what each feature is: kg/matching/features.py.",
        f"Trained by kg/matching/training.py on {len(learnt)} mentions among {len(index)}",
        f"organisations; {len(kept)} mentions of other organisations were held out. Most are names",
        "with noise made by machine: misspelt, cut, reordered, abbreviated, transliterated.",
        "All features lie between 0 and 1, so a weight is what a feature can add to the log odds.",
        f"Cross-validated, {_figures(told)}.",
        f"Held out, {_figures(judged(kept, Matcher(index, model)))}.",
        "By kind of noise: python -m benchmarks.link",
    ]


if __name__ == "__main__":
    main()
