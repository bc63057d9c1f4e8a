"""Public services are asked politely, and what they do wrong is told in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from kg.build.cache import Cache
from kg.errors import SourceError
from kg.linking.client import Client

from .fake import Fake, cut_off, no_json, serving, status


class Clock:
    """A clock that only goes on when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def client(clock):
    return Client(pause=0.0, sleep=clock.sleep, clock=clock)


@pytest.fixture
def fake():
    with serving(Fake(lambda path, values: {"asked": values})) as fake:
        yield fake


def test_answer_comes_as_json_and_the_request_says_who_asks(client, fake):
    assert client.get(f"{fake.url}/a", {"q": "x y"}) == {"asked": {"q": "x y"}}
    assert "UniPact/" in fake.seen[0][2]["user-agent"]


def test_header_for_one_host_goes_to_no_other(clock, fake):
    client = Client(
        headers={fake.url.removeprefix("http://"): {"Client-Id": "me"}, "other": {"X": "1"}},
        sleep=clock.sleep,
        clock=clock,
    )

    client.get(fake.url, {})

    assert fake.seen[0][2]["client-id"] == "me"
    assert "x" not in fake.seen[0][2]


@pytest.mark.parametrize("code", [429, 503])
def test_service_that_says_later_is_asked_later(client, clock, fake, code):
    fake.mishaps = [status(code, Retry_After="7"), status(code)]

    assert client.get(fake.url, {"q": "1"}) == {"asked": {"q": "1"}}
    assert clock.slept == [7.0, 2.0]


def test_date_in_retry_after_is_understood(client, clock, fake):
    when = datetime.now(UTC) + timedelta(seconds=60)
    fake.mishaps = [status(429, Retry_After=format_datetime(when, usegmt=True))]

    client.get(fake.url, {})

    assert 50 < clock.slept[0] <= 60


def test_service_that_wants_an_hour_is_given_up_for_now(client, clock, fake):
    fake.mishaps = [status(429, Retry_After="3600")]

    with pytest.raises(SourceError, match="3600 seconds"):
        client.get(fake.url, {})

    assert clock.slept == []


@pytest.mark.parametrize("mishap", [cut_off, no_json], ids=["cut off", "no JSON"])
def test_answer_that_is_not_whole_is_asked_for_again(client, fake, mishap):
    fake.mishaps = [mishap]

    assert client.get(fake.url, {"q": "1"}) == {"asked": {"q": "1"}}
    assert len(fake.seen) == 2


def test_service_that_never_recovers_is_given_up_with_its_reason(client, clock, fake):
    fake.mishaps = [status(503)] * 20

    with pytest.raises(SourceError, match="status 503") as raised:
        client.get(fake.url, {})

    assert "run the command again" in raised.value.hint
    assert len(fake.seen) == len(clock.slept) < 10


@pytest.mark.parametrize("code", [400, 401, 403, 404])
def test_refusal_is_not_repeated(client, fake, code):
    fake.mishaps = [status(code)]

    with pytest.raises(SourceError, match=str(code)):
        client.get(fake.url, {})

    assert len(fake.seen) == 1


def test_redirection_on_the_same_host_is_followed(client, fake):
    fake.mishaps = [status(301, Location="/b?q=2")]

    assert client.get(f"{fake.url}/a", {"q": "1"}) == {"asked": {"q": "2"}}


@pytest.mark.parametrize(
    "place", ["http://127.0.0.2:1/", "http://example.org/", "file:///etc/passwd", "//evil/", ""]
)
def test_redirection_to_another_place_is_not_followed(client, fake, place):
    fake.mishaps = [status(302, Location=place)]

    with pytest.raises(SourceError, match="not followed"):
        client.get(fake.url, {})

    assert len(fake.seen) == 1


def test_redirection_in_a_circle_ends(client, fake):
    fake.mishaps = [status(302, Location="/")] * 20

    with pytest.raises(SourceError, match="circle"):
        client.get(fake.url, {})


def test_requests_to_one_host_keep_their_distance(clock, fake):
    client = Client(pause=0.5, sleep=clock.sleep, clock=clock)

    for number in range(3):
        client.get(fake.url, {"q": str(number)})

    assert clock.now == pytest.approx(1.0)


def test_nobody_is_asked_twice(clock, fake, tmp_path):
    for _ in range(2):
        client = Client(Cache(tmp_path), sleep=clock.sleep, clock=clock)
        assert client.post(fake.url, {"q": "1"}) == {"asked": {"q": "1"}}

    assert len(fake.seen) == 1


def test_what_was_not_answered_is_asked_again_next_time(clock, fake, tmp_path):
    client = Client(Cache(tmp_path), sleep=clock.sleep, clock=clock)
    fake.mishaps = [status(404)]
    with pytest.raises(SourceError):
        client.get(fake.url, {"q": "1"})

    assert client.get(fake.url, {"q": "1"}) == {"asked": {"q": "1"}}


def test_endless_answer_is_cut(client, fake):
    def endless(handler):
        handler.send_response(200)
        handler.end_headers()
        for _ in range(300):
            handler.wfile.write(b" " * (1 << 16))

    fake.mishaps = [endless]

    with pytest.raises(SourceError, match="more than"):
        client.get(fake.url, {})


def test_server_that_is_not_there_is_told(client, clock):
    with pytest.raises(SourceError, match="does not answer"):
        client.get("http://127.0.0.1:1/", {})

    assert clock.slept
