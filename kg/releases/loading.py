"""A release from existing RDF, in any syntax that pyoxigraph reads, compressed or not.

Triples outside named graphs go to a graph called after their file, `graph/loaded/<name>`, or stay
the default graph when that is asked for. Blank
nodes become IRIs that follow from the file's content and their rank in it.
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

import pyoxigraph as ox
from pyoxigraph import Store

from kg.build.inputs import release_date
from kg.disk import explained, sha256_of
from kg.errors import ChangeError, DataError, InputError, Place
from kg.iris import DEFAULT_BASE, Iris
from kg.progress import Progress, Silent
from kg.releases import Release, Releases
from kg.releases.assembly import Assembly, Origin
from kg.releases.criteria import copy_rules, copy_shapes
from kg.releases.dataset import statements
from kg.releases.manifest import STORE, UNION
from kg.releases.publishable import check_publishable
from kg.releases.stores import encode
from kg.rules import load_rules
from kg.terms import Quad, iri, line
from kg.validation.corpuscheck import CorpusReport, said_of
from kg.validation.shacl import Shapes, validate

_FORMATS: Final = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "nq": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
    "rdf": ox.RdfFormat.RDF_XML,
    "owl": ox.RdfFormat.RDF_XML,
    "xml": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
    "json": ox.RdfFormat.JSON_LD,
    "n3": ox.RdfFormat.N3,
}
_EVERY: Final = 10_000  # statements between two words about progress


def load_release(
    files: Sequence[Path],
    releases: Path,
    *,
    shapes: Path | None = None,
    rules: Path | None = None,
    base: str = DEFAULT_BASE,
    default_graph: str = UNION,
    drop_changes: bool = False,
    progress: Progress | None = None,
) -> Release:
    """Make a release of RDF files and publish it.

    Args:
        files: the files; what they hold is known by their names.
        releases: the folder of releases.
        shapes: SHACL shapes that the whole must fit; without them the manifest says that nothing
            was validated.
        rules: a folder of rules to derive from.
        base: the base of the IRIs that are minted.
        default_graph: what the store has as its default graph, see `Manifest`.
        drop_changes: whether the changes written to the current release may be left out.
        progress: is told how far it has come.

    Raises:
        DataError: a file cannot be read or is not RDF, or holds RDF 1.2 terms.
        InputError: rules without the merge that they work on.
        Invalid: the data break a shape.
        ChangeError: changes were written to the current release, and are not to be dropped.
        ReleaseError: see `kg.build.build_release`.
    """
    if rules and default_graph == STORE:
        hint = "load with --default-graph union, or without --rules"
        raise InputError("rules work on the merge, which this release would not have", hint=hint)
    iris, shelf, progress = Iris(base), Releases(releases), progress or Silent()
    with shelf.lock(), explained("load a release"), shelf.staging() as staging:
        current = None if drop_changes else shelf.find_current()
        if current and current.manifest.change:
            hint = "see: unipact changes list; then load with --drop-changes"
            raise ChangeError("what was written to the current release would be lost", hint=hint)
        return _Loading(
            list(files), iris, shelf, staging, progress, shapes, rules, default_graph
        ).publish()


@dataclass(frozen=True, slots=True)
class _Loading:
    files: Sequence[Path]
    iris: Iris
    shelf: Releases
    staging: Path
    progress: Progress
    shapes: Path | None
    rules: Path | None
    default_graph: str

    def publish(self) -> Release:
        shapes = Shapes.load(self.shapes, iris=self.iris) if self.shapes else None
        rules = load_rules(self.rules) if self.rules else ()
        (self.staging / "texts").mkdir()
        (self.staging / "articles.jsonl").touch()
        copy_rules(rules, self.staging / "rules")
        if self.shapes:
            copy_shapes(self.shapes, self.staging / "shapes")
        validation = (
            f"SHACL, shapes {shapes.digest[:16]}" if shapes else "nothing: loaded as it was"
        )
        assembly = Assembly(
            releases=self.shelf,
            staging=self.staging,
            iris=self.iris,
            rules=rules,
            origin=Origin(release_date(""), validated=bool(shapes), validation=validation),
            progress=self.progress,
            check=lambda store: self._check(store, shapes),
            guard=lambda dataset: check_publishable(dataset, self.shelf, self.iris, retired={}),
            default_graph=self.default_graph,
        )
        return assembly.make(self._lines())

    def _lines(self) -> Iterator[bytes]:
        names: dict[str, int] = {}
        done = 0
        for file in self.files:
            name = re.sub(r"[^a-z0-9]+", "-", _stem(file).lower()).strip("-") or "file"
            names[name] = names.get(name, 0) + 1
            graph = name if names[name] == 1 else f"{name}-{names[name]}"
            own = "default" if self.default_graph == STORE else f"loaded/{graph}"
            for quad in read_rdf(file, self.iris, graph=self.iris.graph(own)):
                yield line(quad).encode()
                done += 1
                if done % _EVERY == 0:
                    self.progress.step("read", done, None)

    def _check(self, store: Store, shapes: Shapes | None) -> None:
        """Validate the whole at once: nobody knows which parts of it belong together."""
        report = CorpusReport(self.iris)
        if shapes:
            found = statements(self.staging / ".work" / "asserted.nq")
            quads = [Quad(*said[:3], graph) for said in found for graph in said.graphs]
            results = validate(shapes, quads)
            report.add(results, said_of(results))
            report.raise_if_any()
        report.write(self.staging / "report")


def read_rdf(file: Path, iris: Iris, *, graph: str) -> Iterator[Quad]:
    """Yield the statements of a file; those outside named graphs are in `graph`, a plain IRI.

    Raises:
        DataError: the file cannot be read, is not RDF, or holds RDF 1.2 terms.
    """
    packed = file.suffix == ".gz"
    format_ = _FORMATS.get((file.with_suffix("") if packed else file).suffix[1:].lower())
    where = Place(str(file))
    if format_ is None:
        hint = f"known endings: {', '.join(sorted(_FORMATS))}, each also with .gz"
        raise DataError("the name does not tell the syntax", where=where, hint=hint)
    try:
        nodes = _Nodes(iris, sha256_of(file)[:16])
        with gzip.open(file) if packed else file.open("rb") as data:
            yield from _quads(data, format_, nodes, graph)
    except SyntaxError as error:
        place = Place(str(file), error.lineno or 0, error.offset or 0)
        raise DataError(f"not RDF: {error.msg}", where=place) from error
    except DataError as error:
        raise DataError(error.what, where=where, hint=error.hint) from error
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise DataError(f"cannot be read: {error}", where=where) from error


def _quads(
    data: IO[bytes] | gzip.GzipFile, format_: ox.RdfFormat, nodes: _Nodes, graph: str
) -> Iterator[Quad]:
    own = iri(graph)
    for quad in ox.parse(data, format=format_, base_iri=graph):  # type: ignore[arg-type]
        outside = isinstance(quad.graph_name, ox.DefaultGraph)
        yield Quad(
            nodes.encode(quad.subject),
            encode(quad.predicate),
            nodes.encode(quad.object),
            own if outside else nodes.encode(quad.graph_name),
        )


@dataclass(slots=True)
class _Nodes:
    """Gives the blank nodes of one file IRIs, in the order in which they come."""

    iris: Iris
    file: str
    known: dict[str, str] = field(default_factory=dict)

    def encode(self, term: object) -> str:
        if not isinstance(term, ox.BlankNode):
            return encode(term)
        found = self.known.get(term.value)
        if found is None:
            found = iri(self.iris.genid(f"{self.file}-{len(self.known) + 1}"))
            self.known[term.value] = found
        return found


def _stem(file: Path) -> str:
    return (file.with_suffix("") if file.suffix == ".gz" else file).stem
