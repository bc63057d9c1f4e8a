"""What is kept of answers, and what a client is told of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kg.releases import Release, Releases
from server.limits import Limits
from server.sparql import encodings
from server.sparql.cache import Cache, Key
from server.sparql.frames import Job
from server.sparql.pool import Pool
from server.sparql.service import Service

NAMES = "SELECT ?s ?name { ?s <http://www.w3.org/2004/02/skos/core#prefLabel> ?name }"
MANY = "SELECT * {?a ?b ?c . ?d ?e ?f . ?g ?h ?i} LIMIT "
RESULTS = "application/sparql-results+json"


class Count:
    """Counts lookups."""

    def __init__(self) -> None:
        self.hits: list[bool] = []

    def cache(self, hit: bool) -> None:
        self.hits.append(hit)

    def query(self, outcome: str, seconds: float) -> None:
        """Nothing is asked of it here."""

    def kill(self, reason: str) -> None:
        """Nor here."""


@pytest.fixture
def service(releases: Path) -> Iterator[Service]:
    limits = Limits(query_workers=1, cache_bytes=1 << 20, cache_answer=1 << 18)
    service = Service(Pool(Releases(releases).current, limits), limits, dict)
    service.count_with(Count())
    yield service
    service.close()


def hits(service: Service) -> list[bool]:
    assert isinstance(service.watcher, Count)
    return service.watcher.hits


def key(number: int, release: str = "r") -> Key:
    return Key.of(release, Job(f"ASK {{ {number} }}", "json"))


def test_same_question_is_answered_from_the_cache(service: Service) -> None:
    first = service.read(Job(NAMES, "json"))

    assert service.read(Job(NAMES, "json")) == first
    assert hits(service) == [False, True]


@pytest.mark.parametrize(
    "other",
    [
        Job(NAMES, "csv"),
        Job(NAMES + " ", "json"),
        Job(NAMES, "json", default_graphs=("urn:g",)),
        Job(NAMES, "json", named_graphs=("urn:g",)),
        Job(NAMES, "json", base="urn:b"),
    ],
    ids=("format", "text", "default graph", "named graph", "base"),
)
def test_another_question_is_not(service: Service, other: Job) -> None:
    service.read(Job(NAMES, "json"))

    service.read(other)

    assert hits(service) == [False, False]


def test_large_answer_is_not_kept(service: Service) -> None:
    for _ in range(2):
        assert len(service.read(Job(MANY + "2000", "json"))) > 1 << 18

    assert len(service.cache) == 0


def test_error_is_not_kept(service: Service) -> None:
    for _ in range(2):
        with pytest.raises(Exception, match="line 1"):
            service.read(Job("ASK {", "json"))

    assert len(service.cache) == 0


def test_answers_of_an_old_release_are_forgotten(
    tmp_path: Path, republish: Callable[..., Release]
) -> None:
    root, one = tmp_path / "releases", "INSERT DATA { GRAPH <urn:g> { <urn:s> <urn:p> 1 } }"
    republish(root, tmp_path / "work", one)
    limits = Limits(query_workers=1)
    service = Service(Pool(Releases(root).current, limits), limits, dict)
    before = service.read(Job("SELECT ?o { ?s ?p ?o }", "csv"))

    republish(root, tmp_path / "again", one.replace("1", "2"))
    after = service.read(Job("SELECT ?o { ?s ?p ?o }", "csv"))

    service.close()
    assert (before, after) == (b"o\r\n1\r\n", b"o\r\n2\r\n")
    assert len(service.cache) == 1


def test_tag_is_of_the_form_that_was_sent(service: Service) -> None:
    def tag(**asked: str) -> str:
        return service.respond(Job(NAMES, "json"), RESULTS, **asked).headers["ETag"]

    assert tag() == tag()
    assert len({tag(), tag(encodings="gzip"), tag(encodings="zstd")}) == 3


def test_client_that_has_the_answer_is_told_so_without_a_query(service: Service) -> None:
    tag = service.respond(Job(NAMES, "json"), RESULTS).headers["ETag"]
    service.cache.turn("another")

    body = service.respond(Job(NAMES, "json"), RESULTS, unless=f'"x", W/{tag}')

    assert (body.status, body.content, body.headers["ETag"]) == (304, b"", tag)
    assert hits(service) == [False]


def test_client_with_another_answer_gets_this_one(service: Service) -> None:
    assert service.respond(Job(NAMES, "json"), RESULTS, unless='"x"').status == 200


@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
@pytest.mark.parametrize("rows", ["100", "20000"], ids=("whole", "streamed"))
def test_compressed_answer_is_the_answer(service: Service, encoding: str, rows: str) -> None:
    import gzip

    import zstandard

    job = Job(MANY + rows, "csv")
    body = service.respond(job, "text/csv", encodings=encoding)
    sent = b"".join(body.pieces())

    assert body.headers["Content-Encoding"] == encoding
    plain = (
        gzip.decompress(sent)
        if encoding == "gzip"
        else zstandard.ZstdDecompressor().decompressobj().decompress(sent)
    )
    assert plain == service.read(job)


def test_short_answer_is_not_compressed(service: Service) -> None:
    body = service.respond(Job("ASK {}", "json"), RESULTS, encodings="gzip")

    assert "Content-Encoding" not in body.headers


@pytest.mark.parametrize(
    ("header", "chosen"),
    [
        ("", ""), ("gzip", "gzip"), ("gzip, zstd", "zstd"), ("*", "zstd"), ("*;q=0", ""),
        ("gzip;q=1, zstd;q=0.5", "gzip"), ("zstd;q=0, gzip", "gzip"), ("identity", ""),
        ("identity, gzip;q=0.5", ""), ("GZIP ; Q=0.3", "gzip"), ("br", ""), ("gzip;q=x", ""),
        ("\x00;;,=", ""),
    ],
)  # fmt: skip
def test_coding_is_chosen_as_the_client_likes(header: str, chosen: str) -> None:
    assert encodings.choose(header) == chosen


def test_budget_holds_and_the_least_used_goes_first() -> None:
    cache = Cache(5 * 4000)
    for number in range(4):
        cache.put(key(number), bytes(1000))
    cache.get(key(0))

    cache.put(key(9), bytes(5000))

    assert cache.taken <= 5 * 4000
    assert cache.get(key(0))
    assert not cache.get(key(1))


def test_what_is_beyond_the_budget_is_not_kept() -> None:
    cache = Cache(10_000)

    cache.put(key(1), bytes(10_000))

    assert (len(cache), cache.taken) == (0, 0)


def test_compressed_forms_count() -> None:
    cache = Cache(10_000)
    kept = cache.put(key(1), bytes(1000))

    cache.encode(key(1), kept, "gzip", bytes(9000))

    assert (len(cache), cache.taken) == (0, 0)
