"""A text in pieces: nothing is lost, nothing nests, every passage is covered."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from server.pages.article.cutting import Paragraph, Piece, Span, cut

TEXTS = st.text(alphabet="ab é汉🙂\n\t", max_size=60)


@st.composite
def texts_with_spans(draw: st.DrawFn) -> tuple[str, list[Span], list[Span]]:
    text = draw(TEXTS)
    ends = st.tuples(st.integers(-2, len(text) + 2), st.integers(-2, len(text) + 2))
    passages = draw(st.lists(ends, max_size=8))
    mentions = draw(st.lists(ends, max_size=8))
    return (
        text,
        [Span(f"p{number}", *place) for number, place in enumerate(passages)],
        [Span(f"m{number}", *place) for number, place in enumerate(mentions)],
    )


def joined(paragraphs: list[Paragraph]) -> str:
    return "".join(
        one.before + "".join(piece.text for piece in one.pieces) + one.after for one in paragraphs
    )


def pieces(paragraphs: list[Paragraph]) -> list[tuple[int, Piece]]:
    """Return the pieces with the place of each in the text."""
    placed, at = [], 0
    for one in paragraphs:
        at += len(one.before)
        for piece in one.pieces:
            placed.append((at, piece))
            at += len(piece.text)
        at += len(one.after)
    return placed


@given(texts_with_spans())
def test_pieces_joined_are_the_text(case: tuple[str, list[Span], list[Span]]) -> None:
    text, passages, mentions = case

    assert joined(cut(text, passages, mentions)) == text


@given(texts_with_spans())
def test_each_word_is_told_the_passages_that_cover_it(
    case: tuple[str, list[Span], list[Span]],
) -> None:
    text, passages, mentions = case

    for place, piece in pieces(cut(text, passages, mentions)):
        for at in range(place, place + len(piece.text)):
            inside = {
                one.key for one in passages
                if 0 <= one.start <= at < one.end <= len(text)
            }  # fmt: skip
            assert set(piece.passages) == inside


@given(texts_with_spans())
def test_a_piece_names_the_shortest_mention_that_covers_it(
    case: tuple[str, list[Span], list[Span]],
) -> None:
    text, passages, mentions = case
    known = {one.key: one for one in mentions}

    for place, piece in pieces(cut(text, passages, mentions)):
        covering = [
            one for one in mentions
            if 0 <= one.start <= place < one.end <= len(text)
        ]  # fmt: skip
        shortest = min((one.end - one.start for one in covering), default=0)
        named = known.get(piece.mention)
        assert (named.end - named.start if named else 0) == shortest


@given(texts_with_spans())
def test_a_passage_begins_once_and_ends_once(case: tuple[str, list[Span], list[Span]]) -> None:
    text, passages, mentions = case

    found = [piece for __, piece in pieces(cut(text, passages, mentions))]

    for begun in ("begins", "ends"):
        keys = [key for piece in found for key in getattr(piece, begun)]
        assert sorted(keys) == sorted({key for piece in found for key in piece.passages})


def test_no_piece_is_empty_and_none_crosses_a_line() -> None:
    found = cut("One two.\n\nThree.\n", [Span("p", 4, 13)], [Span("m", 4, 7)])

    assert [[piece.text for piece in one.pieces] for one in found] == [
        ["One ", "two", "."],
        ["Thr", "ee."],
    ]


def test_a_text_of_white_space_has_no_pieces() -> None:
    assert cut(" \n\n", [Span("p", 0, 3)], []) == [Paragraph((), " \n\n")]
