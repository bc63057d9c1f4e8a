"""How well and how fast names are matched with organisations.

    UNIPACT_SHARED=… python -m benchmarks.link [--copies 5 10]

Quality is that of the shipped model on the fifth of the organisations that it was not trained on,
and of models trained and tested on other fifths, with the shipped thresholds.
The mentions are synthetic: names of a registry with noise made by machine, in the kinds listed;
15 % mean an organisation that is not among the records. What real text adds (wrong words,
translations of one's own, context) is not measured here.

For more records, all are repeated under altered names: rare words and ideographs change places,
so that the repeated ones are organisations of other towns and fields. Speed and memory are those
of one process; time is the processor's.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rapidfuzz import fuzz, process

from kg.matching.index import Index
from kg.matching.matcher import Decision, Matcher
from kg.matching.model import shipped_model
from kg.matching.records import Mention, NameKind, Record
from kg.matching.ror import read_ror
from kg.matching.training import (
    NIL,
    Example,
    Judged,
    cross_validated,
    held_out,
    rates,
    read_examples,
)

_WORD = re.compile(r"\w+")
_RARE = 40  # records; words of fewer change places
_LIKE = 90.0  # similarity from which on the WRatio baseline proposes a name


@dataclass(frozen=True, slots=True)
class Answer:
    """What was proposed for an example, and whether it was accepted."""

    example: Example
    proposed: str
    is_accepted: bool


def altered(records: Sequence[Record], copies: int) -> Iterator[Record]:
    """Yield the records, and each again so many times under altered names."""
    counts = Counter(
        word for record in records for word in {*_WORD.findall(" ".join(_texts(record)))}
    )
    rare = sorted(word for word, count in counts.items() if count < _RARE and len(word) > 2)
    signs = sorted({sign for word in counts for sign in word if "\u4e00" <= sign <= "\u9fff"})
    yield from records
    for copy in range(1, copies + 1):
        chance = random.Random(copy)
        words = dict(zip(rare, chance.sample(rare, len(rare)), strict=True))
        others = dict(zip(signs, chance.sample(signs, len(signs)), strict=True))
        for record in records:
            yield _altered(record, copy, words, others)


def _texts(record: Record) -> list[str]:
    return [name.text for name in record.names]


def _altered(
    record: Record, copy: int, words: Mapping[str, str], signs: Mapping[str, str]
) -> Record:
    def other(match: re.Match[str]) -> str:
        word = match[0]
        if signs.keys().isdisjoint(word):
            return words.get(word, word)
        return "".join(signs.get(sign, sign) for sign in word[:-2]) + word[-2:]

    names = tuple(
        replace(
            name,
            text=name.text[::-1] if name.kind is NameKind.ACRONYM else _WORD.sub(other, name.text),
        )
        for name in record.names
    )
    return replace(
        record, id=f"{record.id}#{copy}", names=names, city=_WORD.sub(other, record.city)
    )


def matched(examples: Iterable[Example], index: Index) -> list[Answer]:
    matcher = Matcher(index)
    return answered((example, matcher.match(example.mention)) for example in examples)


def answered(told: Iterable[Judged]) -> list[Answer]:
    return [
        Answer(
            example,
            outcome.best.id if outcome.best else "",
            outcome.decision is Decision.ACCEPT,
        )
        for example, outcome in told
    ]


def same_name(examples: Iterable[Example], index: Index) -> list[Answer]:
    """Propose the only record with a name of the same words."""
    owners = defaultdict(set)
    for position in range(len(index)):
        record = index.record(position)
        for name in record.names:
            owners[index.normalise(name.text).plain].add(record.id)
    return [
        Answer(one, *found, True) if len(found := owners[one.form.plain]) == 1
        else Answer(one, "", False)
        for one in examples
    ]  # fmt: skip


def likest_name(examples: Iterable[Example], index: Index) -> list[Answer]:
    """Propose the record whose name is most like the mention by rapidfuzz's WRatio."""
    names, owners = [], []
    for position in range(len(index)):
        record = index.record(position)
        for text in dict.fromkeys(index.normalise(name.text).plain for name in record.names):
            names.append(text)
            owners.append(record.id)
    answers = []
    for one in examples:
        near = process.extractOne(one.form.plain, names, scorer=fuzz.WRatio, score_cutoff=_LIKE)
        answers.append(Answer(one, owners[near[2]] if near else "", bool(near)))
    return answers


def show(title: str, answers: Sequence[Answer]) -> None:
    """Print one line of figures."""
    proposed = [(one.example.meant, one.proposed) for one in answers]
    accepted = [(one.example.meant, one.proposed if one.is_accepted else "") for one in answers]
    nothing = [not found for meant, found in proposed if meant == NIL]
    print(
        f"{title:34} P {{:.3f}} R {{:.3f}} F1 {{:.3f}}".format(*rates(proposed)),
        "| accepted P {:.3f} R {:.3f}".format(*rates(accepted)[:2]),
        f"| no match {sum(nothing) / max(1, len(nothing)):.3f}",
    )


def show_noise(answers: Sequence[Answer]) -> None:
    """Print the figures by kind of noise."""
    by_noise = defaultdict(list)
    for one in answers:
        by_noise[one.example.noise].append(one)
    for noise, some in sorted(by_noise.items()):
        show(f"  {noise} ({len(some)})", some)


def speed(shared: Path, copies: int) -> dict[str, float]:
    """Return what building an index and matching all mentions takes."""
    records = list(read_ror(shared / "ror_slice.jsonl.gz"))
    before = peak_memory()
    began = time.process_time()
    for _ in altered(records, copies):
        pass
    making = time.process_time() - began
    index = Index.build(altered(records, copies))
    built = time.process_time() - began - 2 * making
    with (shared / "mentions_dev.tsv").open(encoding="utf-8") as file:
        rows = [line.split("\t") for line in file][1:]
    mentions = [Mention(row[0], country=row[1]) for row in rows]
    matcher = Matcher(index)
    began = time.process_time()
    for mention in mentions:
        matcher.match(mention)
    return {
        "records": len(index),
        "build seconds": round(built, 1),
        "peak MB": peak_memory(),
        "MB before": before,
        "mentions a second": round(len(mentions) / (time.process_time() - began)),
    }


def peak_memory() -> int:
    """Return the most memory that this process has had, in megabytes."""
    text = Path("/proc/self/status").read_text(encoding="ascii")
    return int(text.split("VmHWM:")[1].split()[0]) // 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--copies", type=int, nargs="*", default=[5, 10])
    parser.add_argument("--speed", type=int, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    shared = Path(os.environ["UNIPACT_SHARED"]) / "linking"
    if chosen.speed is not None:
        print(json.dumps(speed(shared, chosen.speed)))
        return
    records = list(read_ror(shared / "ror_slice.jsonl.gz"))
    index = Index.build(records)
    examples = read_examples(shared / "mentions_dev.tsv", index)
    _, kept = held_out(examples)
    print(f"{len(kept)} mentions of organisations held out, {len(index)} records")
    baselines: tuple[Callable[[Iterable[Example], Index], list[Answer]], ...]
    baselines = (same_name, likest_name)
    for baseline in baselines:
        show(baseline.__name__.replace("_", " "), baseline(kept, index))
    answers = matched(kept, index)
    show("this matcher", answers)
    show_noise(answers)
    model = shipped_model()
    told = cross_validated(examples, index, accept=model.accept, review=model.review)
    show(f"all {len(examples)}, cross-validated", answered(told))
    show_noise(answered(told))
    for copies in chosen.copies:
        large = Index.build(altered(records, copies))
        show(f"this matcher, {len(large)} records", matched(kept, large))
    for copies in (0, *chosen.copies):
        command = [sys.executable, "-m", "benchmarks.link", "--speed", str(copies)]
        print(subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip())


if __name__ == "__main__":
    main()
