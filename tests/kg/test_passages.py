"""Quotes found in a text, and what is said when they are not."""

from hypothesis import given
from hypothesis import strategies as st

from kg.articles.passages import ArticleText, Span, locate, read_range

WORDS = st.text(alphabet="ab é\u0301上🎉 \n\t\u00a0.…", max_size=60)


def test_quote_may_be_broken_over_lines():
    assert locate("one\n  two\u00a0\tthree", "one two three") == [Span(0, 16)]


def test_quote_with_its_own_line_breaks_is_found():
    assert locate("one two", " one\n two ") == [Span(0, 7)]


def test_case_of_a_quote_matters():
    assert locate("One", "one") == []


def test_gap_reaches_to_the_first_end_after_the_beginning():
    text = "B A b B c B"

    assert locate(text, "A … B") == [Span(2, 7)]


def test_several_gaps_are_followed_in_order():
    assert locate("a 1 b 2 c 3", "a … b … c") == [Span(0, 9)]


def test_dots_that_the_article_prints_are_words():
    assert locate("wait … and see; wait, see and see", "wait … and") == [Span(0, 10)]


def test_gap_needs_words_on_both_sides():
    assert locate("a b", "a …") == locate("a b", "… b") == locate("a b", "…") == []


def test_every_place_of_a_quote_is_found():
    assert locate("aaa a", "a") == [Span(0, 1), Span(1, 2), Span(2, 3), Span(4, 5)]


def test_empty_quote_is_nowhere():
    assert locate("text", " \n") == []


def test_offsets_count_code_points():
    assert locate("🎉👩‍🔬 上海 x", "x") == [Span(8, 9)]


def test_missing_quote_names_the_nearest_words_and_their_line():
    text = ArticleText("First line.\nAt first an observer from 2016.")

    assert 'nearest: "an observer from 2016." (line 2)' in text.why_missing("an Observer of 2016.")


def test_missing_part_of_a_gapped_quote_is_named():
    text = ArticleText("The university joined the ring.")

    assert 'missing: "the circle"' in text.why_missing("The university … the circle")


def test_three_dots_instead_of_the_sign_are_noticed():
    assert "one character" in ArticleText("a b c").why_missing("a ... c")


def test_quote_in_ten_megabytes_is_found():
    text = "word " * 2_000_000 + "Northern\nUniversity. " + "word " * 10

    assert locate(text, "Northern University … word word") == [Span(10_000_000, 10_000_030)]


def test_range_is_two_numbers_in_order():
    assert read_range("10-20") == Span(10, 20)
    assert [read_range(bad) for bad in ("20-10", "5-5", "a-b", "10", "-1-5", "1-2-3")] == [None] * 6


@given(WORDS, st.text(alphabet="ab é上.", min_size=1, max_size=20), WORDS)
def test_words_of_a_text_are_found_where_they_stand(before, words, after):
    quote = words.strip() or "word"

    span = Span(len(before), len(before) + len(quote))

    assert span in locate(before + quote + after, quote)


@given(WORDS, WORDS)
def test_found_words_are_the_quote(text, quote):
    quote = quote.replace("…", " ")

    for start, end in locate(text, quote):
        assert text[start:end].split() == quote.split()


@given(WORDS, WORDS)
def test_reason_for_a_missing_quote_is_always_given(text, quote):
    assert ArticleText(text).why_missing(quote).startswith('quote:   "')
