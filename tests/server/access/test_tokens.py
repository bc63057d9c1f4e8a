import json
import os
import stat

import pytest

from kg.errors import InputError, ReleaseError
from server.access.tokens import FILE, Tokens


@pytest.fixture
def tokens(tmp_path):
    return Tokens(tmp_path)


def test_token_is_found_by_its_text(tokens):
    token, text = tokens.create("curator", ["links"])

    assert tokens.find(text) == token


def test_secret_is_not_in_the_file(tokens, tmp_path):
    _, text = tokens.create("curator", ["links"])

    assert text.rpartition("_")[2] not in (tmp_path / FILE).read_text()


def test_file_is_for_its_owner_alone(tokens, tmp_path):
    tokens.create("curator", ["links"])

    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "change",
    [
        str.upper,
        lambda text: text[:-1],
        lambda text: text + "A",
        lambda text: text[:-1] + ("A" if text[-1] != "A" else "B"),
        lambda text: "unipact_00000000" + text[16:],
        lambda text: "",
    ],
)
def test_other_text_finds_nothing(tokens, change):
    _, text = tokens.create("curator", ["links"])

    assert tokens.find(change(text)) is None


def test_expired_token_is_worth_nothing(tokens):
    _, text = tokens.create("curator", ["links"], days=-1)

    assert tokens.find(text) is None


def test_token_revoked_by_another_process_is_worth_nothing_at_once(tokens, tmp_path):
    token, text = tokens.create("curator", ["links"])
    assert tokens.find(text)

    Tokens(tmp_path).revoke(token.id)

    assert tokens.find(text) is None


def test_token_of_another_process_is_found(tokens, tmp_path):
    assert not tokens.list()

    _, text = Tokens(tmp_path).create("curator", ["admin"])

    assert tokens.find(text) is not None


def test_all_tokens_are_listed_in_the_order_of_their_making(tokens):
    made = [tokens.create(name, ["admin"])[0] for name in ("one", "two", "three")]

    assert {token.id for token in tokens.list()} == {token.id for token in made}
    assert [token.created for token in tokens.list()] == sorted(token.created for token in made)


@pytest.mark.parametrize(
    ("name", "scopes"),
    [
        ("", ["admin"]),
        ("a", []),
        ("a\nb", ["admin"]),
        ("x" * 101, ["admin"]),
        ("a", ["admin", "root"]),
    ],
)
def test_token_that_makes_no_sense_is_not_made(tokens, name, scopes):
    with pytest.raises(InputError):
        tokens.create(name, scopes)

    assert tokens.list() == ()


def test_unknown_token_cannot_be_revoked(tokens):
    with pytest.raises(InputError, match="no token"):
        tokens.revoke("00000000")


@pytest.mark.parametrize("content", ["{", "[1]", '[{"id": "x"}]', "null"])
def test_damaged_file_is_an_error_not_an_open_door(tokens, tmp_path, content):
    _, text = tokens.create("curator", ["admin"])
    (tmp_path / FILE).write_text(content)

    with pytest.raises(ReleaseError, match="tokens"):
        tokens.find(text)


def test_tokens_survive_being_killed_while_another_is_made(tokens, tmp_path):
    _, text = tokens.create("curator", ["admin"])
    child = os.fork()
    if not child:
        os._exit(0 if _killed_half_way(tmp_path) else 1)
    os.waitpid(child, 0)

    assert tokens.find(text)
    assert json.loads((tmp_path / FILE).read_text())


def _killed_half_way(folder):
    other = Tokens(folder)
    with other._changing() as changed:
        changed.clear()
        os._exit(9)
