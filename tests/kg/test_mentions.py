"""Which places of a text mention which entity."""

import pytest

from tests.kg.articles_made import TEXT, mentioned


def test_known_names_are_found_by_themselves(checker):
    assert mentioned(checker.checked()) == [
        ("Northern University", "northern"),
        ("Ring of Universities", "ring"),
        ("Olga Smirnova", "smirnova"),
        ("Xi'an", "xian"),
    ]


def test_own_named_entities_are_found_and_unnamed_ones_are_not(checker):
    rectors = {"is": "Group", "label": "vice-rector", "evidence": "vice-rector", "unnamed": "true"}
    students = {"is": "Group", "label": "Students of the University", "evidence": "students"}

    found = mentioned(checker.checked(entities={"rectors": rectors, "students": students}))

    assert ("students of the university", "students") in found
    assert "vice-rector" not in dict(found)


def test_annotated_mention_counts_before_a_name_in_the_same_place(checker):
    mentions = [{"quote": "Xi'an", "entity": "xian-tech"}]

    assert ("Xi'an", "xian-tech") in mentioned(checker.checked(mentions=mentions))
    assert ("Xi'an", "xian") not in mentioned(checker.checked(mentions=mentions))


def test_annotated_mention_hides_the_names_inside_it(checker):
    mentions = [{"quote": "university in Xi'an", "entity": "xian-tech"}]

    found = mentioned(checker.checked(mentions=mentions))

    assert found[-1] == ("university in Xi'an", "xian-tech")


def test_annotated_mention_inside_a_longer_name_stands_with_a_warning(checker):
    checked = checker.checked(mentions=[{"quote": "Northern", "entity": "ring"}])

    assert mentioned(checked)[:2] == [("Northern", "ring"), ("Northern University", "northern")]
    assert 'inside the longer name "Northern University"' in str(checked.warnings[0])


def test_mention_everywhere_skips_places_inside_longer_names(checker):
    mentions = [{"quote": "University", "entity": "ring", "nth": "all"}]
    text = TEXT + "The University of the City and the University.\n"
    longer = {"quote": "University of the City", "entity": "maritime"}

    found = mentioned(checker.checked(text=text, mentions=[*mentions, longer]))

    assert found[-2:] == [("University of the City", "maritime"), ("University", "ring")]
    assert [words for words, _ in found].count("University") == 1


def test_mention_of_one_place_counts_before_one_of_all_places(checker):
    everywhere = {"quote": "students", "entity": "ring", "nth": "all"}
    here = {"quote": "students", "entity": "office", "certainty": "probable"}

    for mentions in ([everywhere, here], [here, everywhere]):
        assert ("students", "office") in mentioned(checker.checked(mentions=mentions))


def test_quote_of_a_mention_is_whole_words_where_it_can_be(checker):
    text = TEXT + "The marathons: a marathon.\n"
    mentions = [{"quote": "marathon", "entity": "ring"}]

    (mention,) = (m for m in checker.checked(text=text, mentions=mentions).article.mentions[-1:])

    assert mention.span.start == text.rindex("marathon")


def test_mention_carries_certainty_and_note(checker):
    mention = {"quote": "students", "entity": "ring", "certainty": "probable", "note": "a slip"}

    quads = checker.quads(mentions=[mention])

    assert {"<https://w3id.org/unipact/concept/certainty/probable>", '"a slip"@en'} <= {
        quad.object for quad in quads
    }


def test_label_of_a_curated_entity_of_another_class_is_no_mention_of_a_fact(checker):
    facts = {"f": {"is": "Membership", "member": "northern", "organization": "ring"}}
    passages = {"p": {"quote": "joined", "facts": facts}}

    assert "is of an entity" in checker.errors(
        passages=passages, mentions=[{"quote": "students", "entity": "f"}]
    )


@pytest.mark.parametrize(
    ("mention", "message"),
    [
        ({"entity": "ring"}, "has no quote"),
        ({"quote": "students"}, "has no entity"),
        ({"quote": "students", "entity": "rng"}, "did you mean 'ring'?"),
        ({"quote": "students", "entity": "ring", "nth": "2"}, "nth is 2"),
        ({"quote": "students", "entity": "ring", "nth": "some"}, "nth is a number"),
        ({"quote": "teachers", "entity": "ring", "nth": "all"}, "is not in the text"),
        ({"quote": "students", "entity": "ring", "certainty": "sure"}, "no concept of certainty"),
        ({"quote": "students", "entity": "ring", "sure": "yes"}, "has no 'sure'"),
        ("students", "is not a mapping"),
    ],
)
def test_bad_mention_is_refused(checker, mention, message):
    assert message in checker.errors(mentions=[mention])
