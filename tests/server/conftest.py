"""A small release, and the app over it."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from flask import Flask
from flask.testing import FlaskClient

from kg.iris import Iris
from kg.releases import Release, Releases
from kg.releases.dataset import Graphs
from kg.releases.dumps import write_dumps
from kg.releases.labels import LabelReader, write_index
from kg.releases.manifest import FileEntry, Manifest
from kg.settings import Settings
from server import accesslog
from server.app import create_app
from server.limits import Limits

BASE = "https://w3id.org/unipact/"
DATA = """
PREFIX up: <https://w3id.org/unipact/ontology#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
BASE <https://w3id.org/unipact/>
INSERT DATA {
  GRAPH <graph/authority> {
    <id/spbpu> a up:University ; skos:prefLabel "St. Petersburg Polytechnic University"@en ,
        "圣彼得堡理工大学"@zh ; skos:altLabel "SPbPU" .
    <id/lodz> a up:University ; skos:prefLabel "Łódź University of Technology"@en .
    <id/uasr> a up:Alliance ; skos:prefLabel "University Alliance of the Silk Road"@en .
  }
  GRAPH <graph/article/2020-12-04-uasr> {
    <article/2020-12-04-uasr> a up:Article ; dcterms:title "A meeting"@en .
    <id/2020-12-04-uasr/observer> a up:Membership ; up:member <id/spbpu> ;
        up:organization <id/uasr> ; up:status <concept/status/ended> ;
        up:begin <id/2020-12-04-uasr/observer#begin> ; up:reportedIn <article/2020-12-04-uasr> .
    <id/2020-12-04-uasr/observer#begin> a up:Date ; up:edtf "2016" .
  }
  GRAPH <graph/article/2020-12-04-uasr/evidence> {
    <article/2020-12-04-uasr#observer> a up:Passage ; oa:hasSource <article/2020-12-04-uasr> ;
        oa:hasSelector <article/2020-12-04-uasr#observer.quote> .
    <article/2020-12-04-uasr#observer.quote> oa:exact "at first as an <observer>" .
  }
  GRAPH <graph/ontology> {
    up:University a owl:Class ; rdfs:label "University"@en ; skos:definition "It teaches."@en .
    up:member a owl:ObjectProperty ; rdfs:label "member"@en .
    <ontology> a owl:Ontology .
  }
  GRAPH <graph/derived> {
    <id/2020-12-04-uasr/observer> up:reality <concept/reality/actual> ;
        up:words "at first as an <observer>" ; up:earliest "2016-01-01"^^xsd:date .
  }
}
"""

Publish = Callable[..., Release]


@pytest.fixture(scope="session", autouse=True)
def quiet() -> Iterator[None]:
    """Keep the access logs of all apps out of what a run of tests shows."""
    with pytest.MonkeyPatch.context() as patch, open(os.devnull, "wb") as nowhere:
        patch.setattr(accesslog, "_STDERR", nowhere.fileno())
        yield


def publish(root: Path, work: Path, update: str = DATA) -> Release:
    """Make a release of some data by hand, and the current one."""
    memory = ox.Store()
    memory.update(update)
    quads = sorted(f"{quad} .\n" for quad in memory)
    id = hashlib.sha256("".join(quads).encode()).hexdigest()[:16]
    path = root / id
    path.mkdir(parents=True)
    work.mkdir()
    dataset = work / "dataset.nq"
    dataset.write_text("".join(quads), encoding="utf-8")
    labels, references = work / "labels", work / "references"
    with labels.open("w", encoding="utf-8") as written, references.open("w", encoding="utf-8") as r:
        reader = LabelReader(Graphs(BASE), written, r)
        dumps = write_dumps(dataset, path / "dump", iris=Iris(), work=work, readers=[reader])
        reader.end()
    digest = write_index(labels, references, path / "search.db", work=work)
    store = ox.Store(str(path / "store"))
    merge = {ox.Quad(quad.subject, quad.predicate, quad.object) for quad in memory}
    store.bulk_extend([*memory, *merge])
    store.flush()
    del store
    void = b"<https://w3id.org/unipact/dataset> a <http://rdfs.org/ns/void#Dataset> .\n"
    (path / "void.ttl").write_bytes(void)
    files = {f"dump/{name}": entry for name, entry in dumps.files.items()}
    files["void.ttl"] = FileEntry(len(void), hashlib.sha256(void).hexdigest(), "text/turtle")
    manifest = Manifest(
        id=id, format=1, version="0", created="2020-12-04", base=BASE,
        licence="https://creativecommons.org/licenses/by/4.0/", parent="", validated=True,
        validation="Every fact passed.", quads=len(quads), triples=len(merge),
        stored=len(quads) + len(merge), entities=4, articles=1, graphs={}, files=files,
        omitted={}, labels=digest,
    )  # fmt: skip
    (path / "manifest.json").write_text(manifest.to_json(), encoding="utf-8")
    link = root / "next"
    link.symlink_to(id)
    link.replace(root / "current")
    return Releases(root).current()


@pytest.fixture(scope="session")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one release."""
    folder = tmp_path_factory.mktemp("served")
    publish(folder / "releases", folder / "work")
    return folder / "releases"


@pytest.fixture(scope="session")
def release(releases: Path) -> Release:
    return Releases(releases).current()


@pytest.fixture(scope="session")
def app(releases: Path) -> Iterator[Flask]:
    app = create_app(releases, Settings(), limits=Limits(query_workers=1))
    yield app
    app.extensions["unipact"].pool.close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def republish() -> Publish:
    return publish


@pytest.fixture
def parse() -> Callable[[bytes, str], set[ox.Triple]]:
    """Read RDF of a media type into triples."""

    def parse(body: bytes, media_type: str) -> set[ox.Triple]:
        format = ox.RdfFormat.from_media_type(media_type)
        assert format is not None
        return {quad.triple for quad in ox.parse(io.BytesIO(body), format=format)}

    return parse
