"""Known names in a text: whole words, the longest first."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.articles import names as module
from kg.articles.names import Names, find_names, stands_alone, tokens


def found(text, *known):
    names = Names((label, label) for label in known)
    return [text[name.start : name.end] for name in find_names(text, [names]) if name.key]


def test_longest_name_wins_over_the_whole_text():
    assert found("A B C D E", "A B C", "C D E F", "B C D E", "A") == ["A", "B C D E"]


def test_name_inside_a_word_is_not_found():
    assert found("Ringo ringing bring Ring", "ring") == ["Ring"]


def test_case_is_ignored_but_for_one_word_in_capitals():
    text = "it may submit to MIT, Mit and to covid-19 at the RING OF SCHOOLS"

    assert found(text, "MIT", "COVID-19", "Ring of Schools", "IT") == [
        "MIT",
        "covid-19",
        "RING OF SCHOOLS",
    ]


@pytest.mark.parametrize("text", ["Xi'an Tech", "Xi’an Tech", "Xiʼan\nTech", "xi'an  tech"])
def test_apostrophes_and_white_space_are_equal(text):
    assert found(text, "Xi'an Tech") == [text]


def test_word_with_an_apostrophe_is_one_word():
    assert found("Xi'an and Xi", "Xi", "an") == ["Xi"]


@pytest.mark.parametrize("text", ["the Ring's", "the Ring’s.", "the RING'S", "the Ring'"])
def test_possessive_is_no_part_of_a_name(text):
    assert found(text, "Ring") == [text[4:8]]


def test_name_that_ends_in_a_possessive_is_found_with_it():
    assert found("at Lloyd's of London", "Lloyd's", "Lloyd") == ["Lloyd's"]


def test_chinese_names_are_found_inside_runs():
    assert found("今天上海海事大学与上海合作", "上海海事大学", "上海") == ["上海海事大学", "上海"]


def test_cyrillic_names_are_whole_words():
    assert found("Северный университет и университета", "университет") == ["университет"]


def test_composed_and_decomposed_letters_are_equal():
    assert found("in Ło\u0301dz\u0301 now", "Łódź") == ["Ło\u0301dz\u0301"]


def test_combining_mark_belongs_to_its_word():
    assert found("Cafe\u0301", "Cafe") == []


def test_soft_hyphen_does_not_hide_a_name():
    assert found("Uni\u00adversity", "university") == ["Uni\u00adversity"]


def test_punctuation_inside_a_name_must_be_there():
    assert found("St Petersburg, St. Petersburg", "St. Petersburg") == ["St. Petersburg"]


def test_name_of_two_things_means_neither_and_hides_shorter_ones():
    names = Names([("Ring of Schools", "a"), ("ring of schools", "b"), ("Ring", "c")])

    assert [name.key for name in find_names("the Ring of Schools, the Ring", [names])] == [
        None,
        "c",
    ]


def test_name_in_two_lists_means_neither_unless_it_is_the_same_thing():
    one, other = Names([("Ring", "a"), ("Star", "s")]), Names([("Ring", "b"), ("Star", "s")])

    assert [name.key for name in find_names("Ring Star", [one, other])] == [None, "s"]


def test_name_without_letters_is_never_found():
    assert found("... &", "...", "&", "") == []


def test_hundred_thousand_names_are_told_apart():
    names = Names((f"University of Region {number}", str(number)) for number in range(100_000))

    (name,) = find_names("the University of Region 99998.", [names])
    assert name.key == "99998"


def test_stretch_stands_alone_between_words():
    text = "marathons: marathon"

    assert not stands_alone(text, 0, 8)
    assert stands_alone(text, 11, 19)


@given(st.text(alphabet="aB9_'’sS -.é上\n\u0301", max_size=40))
def test_tokens_cover_everything_but_white_space(text):
    covered = "".join(text[start:end] for start, end in tokens(text).spans)

    assert covered == "".join(text.split())


@given(st.text(alphabet="aB9_'sS -.\n&", max_size=40))
def test_quick_pattern_for_ascii_finds_the_same(text):
    quick = [match.span() for match in module._ASCII.finditer(text)]

    assert quick == [match.span() for match in module._pattern().finditer(text)]


@given(st.lists(st.sampled_from("abc"), max_size=30), st.integers(1, 7))
def test_names_are_found_across_the_borders_of_batches(words, batch):
    names = Names((name, name) for name in ("a b c", "b", "c c b a", "a a"))
    text = " ".join(words)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_BATCH", batch)
        in_batches = find_names(text, [names])

    assert in_batches == find_names(text, [names])


@given(st.text(max_size=60), st.lists(st.text(min_size=1, max_size=8), max_size=5))
def test_found_names_never_overlap(text, labels):
    found = find_names(text, [Names((label, label) for label in labels)])

    assert all(one.end <= other.start for one, other in pairwise(found))
