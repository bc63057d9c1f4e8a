import pytest

from server.access.guard import Attempts, Guard, need, need_graphs
from server.access.tokens import Tokens
from server.problems import Problem

BASE = "https://example.org/"
LINKS = f"{BASE}graph/links"


@pytest.fixture
def tokens(tmp_path):
    return Tokens(tmp_path)


@pytest.fixture
def guard(tokens):
    return Guard(tokens, writable=True)


def refusal(call, *arguments):
    with pytest.raises(Problem) as raised:
        call(*arguments)
    return raised.value


def test_holder_of_a_valid_token_is_let_in(guard, tokens):
    token, text = tokens.create("curator", ["links"])

    assert guard.holder(f"Bearer {text}", "127.0.0.1") == token
    assert guard.holder(f"bearer  {text} ", "127.0.0.1") == token


def test_request_without_a_token_is_told_how_to_send_one(guard):
    problem = refusal(guard.holder, "", "127.0.0.1")

    assert problem.status == 401
    assert problem.headers["WWW-Authenticate"] == 'Bearer realm="UniPact"'


@pytest.mark.parametrize(
    "form",
    [
        "Basic {0}",
        "{0}",
        "Bearer",
        "Bearer {0} {0}",
        "Token {0}",
        "Bearer {0}x",
        'Bearer "{0}"',
        "Bearer x\r\nX: {0}",
    ],
)
def test_anything_but_one_bearer_token_is_refused(guard, tokens, form):
    _, text = tokens.create("curator", ["admin"])

    problem = refusal(guard.holder, form.format(text), "127.0.0.1")

    assert problem.status == 401
    assert 'error="invalid_token"' in problem.headers["WWW-Authenticate"]
    assert text not in problem.detail + problem.hint


def test_client_that_fails_too_often_has_to_wait_and_others_have_not(guard, tokens):
    _, text = tokens.create("curator", ["admin"])
    failures = [refusal(guard.holder, "Bearer wrong", "127.0.0.2").status for _ in range(12)]

    problem = refusal(guard.holder, f"Bearer {text}", "127.0.0.2")

    assert failures == [401] * 10 + [429] * 2
    assert problem.status == 429
    assert 0 < int(problem.headers["Retry-After"]) <= 61
    assert guard.holder(f"Bearer {text}", "127.0.0.3")


def test_client_may_try_again_after_a_minute():
    now = [0.0]
    attempts = Attempts(clock=lambda: now[0])
    for _ in range(10):
        attempts.failed("127.0.0.2")
    waited = attempts.wait("127.0.0.2")

    now[0] = waited + 0.001

    assert 59 < waited <= 60
    assert attempts.wait("127.0.0.2") == 0


def test_memory_of_failures_is_bounded():
    attempts = Attempts()

    for number in range(5000):
        attempts.failed(f"client {number}")

    assert len(attempts._failures) == 4096


def test_server_that_only_reads_takes_no_token(tokens):
    _, text = tokens.create("curator", ["admin"])

    problem = refusal(Guard(tokens, writable=False).holder, f"Bearer {text}", "127.0.0.1")

    assert problem.status == 403
    assert "--writable" in problem.hint


def test_token_without_the_scope_is_told_which_one_is_missing(guard, tokens):
    token, _ = tokens.create("curator", ["links"])

    problem = refusal(need_graphs, token, [LINKS, f"{BASE}graph/authority"], BASE)

    assert problem.status == 403
    assert 'scope="write:graph=authority"' in problem.headers["WWW-Authenticate"]
    assert refusal(need, token, "admin").status == 403
    assert refusal(need_graphs, token, None, BASE).status == 403


def test_token_with_the_scope_is_let_through(tokens):
    token, _ = tokens.create("curator", ["links"])
    admin, _ = tokens.create("boss", ["admin"])

    need_graphs(token, [LINKS], BASE)
    need_graphs(admin, None, BASE)

    assert need(admin, "links") is None
