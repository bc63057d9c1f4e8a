"""What a release says about itself: `manifest.json`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import MISSING, asdict, dataclass, fields
from typing import Any, Final

from kg.errors import ReleaseError

FORMAT: Final = 2  # of the layout of a release; part of its id
MERGE: Final = "merge"  # a dump holds the merge of all graphs
DATASET: Final = "dataset"  # a dump holds the graphs by name
UNION: Final = "union"  # the default graph of the store is the merge
STORE: Final = "store"  # it is the default graph that the data came with
LICENCE: Final = "https://creativecommons.org/licenses/by/4.0/"


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A file of a release: `size` in bytes, `sha256` in hex; dumps also say what they hold."""

    size: int
    sha256: str
    media_type: str = ""
    holds: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """Who made a release by a change, when (UTC, ISO 8601), with what request and operation.

    `added` and `removed` count quads by the IRI of their graph, derived ones included.
    """

    by: str
    when: str
    request: str
    operation: str
    added: Mapping[str, int]
    removed: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Manifest:
    """A release's identity, origin, counts and files. Equal inputs make equal manifests.

    Attributes:
        id: the release's name, sixteen hex digits.
        format: version of the layout of a release.
        version: version of UniPact that made it.
        created: ISO date of the newest article (or SOURCE_DATE_EPOCH), "" when there is neither.
        base: base of the minted IRIs.
        licence: IRI of the licence.
        parent: id of the release that this one was made from by a change, "" for a built one.
        validated: whether every fact passed its shapes.
        validation: what was checked, for people.
        quads: statements in named graphs.
        triples: statements of their merge.
        stored: quads in the store, merge included; literals that the store writes alike are one.
        entities: subjects below `<base>id/` that are no part of another.
        articles: how many articles; `articles.jsonl` lists them.
        graphs: statements by kind of graph; those of all articles are one kind.
        files: path below the release → size, checksum, what it holds.
        omitted: dumps that could not be written → reason.
        labels: SHA-256 of the rows of the label index.
        default_graph: what the store has as its default graph: UNION, the merge of all graphs, or
            STORE, what the data came with; dumps call that `<base>graph/default`.
        change: name of the last of the kept changes that are in it, "" when none is.
        written: who made it by a change; None for a built or loaded one.
        pending: whether dumps, label index and description in full are still to be made. Until
            then there is no dump, `search.db` is that of the parent, and `void.ttl` is brief.
    """

    id: str
    format: int
    version: str
    created: str
    base: str
    licence: str
    parent: str
    validated: bool
    validation: str
    quads: int
    triples: int
    stored: int
    entities: int
    articles: int
    graphs: Mapping[str, int]
    files: Mapping[str, FileEntry]
    omitted: Mapping[str, str]
    labels: str
    default_graph: str = UNION
    change: str = ""
    written: Written | None = None
    pending: bool = False

    def to_json(self) -> str:
        """Return the text of `manifest.json`."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Manifest:
        """Read the text of a `manifest.json`.

        Raises:
            ReleaseError: it is not one, or of a newer format than this version knows.
        """
        try:
            found: dict[str, Any] = json.loads(text)
            if found["format"] > FORMAT:
                hint = f"it was made by UniPact {found['version']}; this version is older"
                raise ReleaseError(f"a release of format {found['format']}", hint=hint)
            files = {path: FileEntry(**entry) for path, entry in found["files"].items()}
            written = Written(**found["written"]) if found.get("written") else None
            known = {
                field.name: found[field.name]
                for field in fields(cls)
                if field.name in found or field.default is MISSING
            }
            return cls(**(known | {"files": files, "written": written}))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ReleaseError(f"the manifest is damaged: {error!r}") from error


@dataclass(frozen=True, slots=True)
class ArticleEntry:
    """An article of a release, a line of `articles.jsonl`. `sha256` is that of its text."""

    slug: str
    title: str
    published: str
    sha256: str

    def to_json(self) -> str:
        """Return the entry as one line of JSON."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True) + "\n"

    @classmethod
    def from_json(cls, line: str) -> ArticleEntry:
        """Read one line.

        Raises:
            ReleaseError: the line is damaged.
        """
        try:
            return cls(**json.loads(line))
        except (ValueError, TypeError) as error:
            raise ReleaseError(f"the list of articles is damaged: {error}") from error
