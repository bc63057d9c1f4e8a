"""Names that people write differently and mean the same become the same."""

import pytest

from kg.matching.normalisation import normalise
from kg.matching.romanisation import romanise

COUNTRIES = {"china": "CN", "poland": "PL", "united states": "US"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("University of Łódź", "Lodz University"),
        ("The Univ. of Wrocław", "Wroclaw University"),
        ("Inst. of Math.", "Institute of Mathematics"),
        ("Kielce Polytechnic University", "Kielce University of Technology"),
        ("Pinnacle Optics Co., Ltd.", "Pinnacle Optics GmbH"),
        ("M.E.S. Ponnani College", "MES Ponnani College"),
        ("UMR 7057", "UMR7057"),
        ("Centre for Res. & Dev.", "Center for Research and Development"),
        ("St. Petersburg State Univ.", "Saint Petersburg State University's"),
        ("GRAZ UNIVERSITY", "Graz University team"),
        ("Universität Bremen", "Universitat Bremen"),
        ("Guangzhou  University ", "Guangzhou University"),
    ],
)
def test_names_of_the_same_words_have_the_same_key(one, other):
    assert normalise(one).key == normalise(other).key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Harbin Medical University", "Harbin University"),
        ("Second Military Medical University", "Third Military Medical University"),
        ("陕西师范大学", "山西师范大学"),
        ("School No. 12", "School No. 21"),
    ],
)
def test_names_of_different_things_keep_different_keys(one, other):
    assert normalise(one).key != normalise(other).key


@pytest.mark.parametrize(
    ("text", "plain", "country"),
    [
        ("Hisense (China)", "hisense", "CN"),
        ("Hisense (China)'s team", "hisense team", "CN"),
        ("Collegium Novum, Warsaw, Poland", "collegium novum warsaw", "PL"),
        ("(China)", "china", ""),
        ("Poland", "poland", ""),
        ("Institute (Utopia)", "institute utopia", ""),
    ],
)
def test_a_country_is_taken_from_the_name_but_never_all_of_it(text, plain, country):
    form = normalise(text, countries=COUNTRIES)

    assert (form.plain, form.country) == (plain, country)


def test_a_misspelt_country_in_brackets_is_known_when_asked_for():
    assert normalise("Deerfield (Uniwed Stats)", countries=COUNTRIES, misspelt=True).country == "US"
    assert normalise("Deerfield (Uniwed Stats)", countries=COUNTRIES).country == ""


@pytest.mark.parametrize(
    ("text", "latin"),
    [
        ("Воронежский государственный университет", "voronezhskii gosudarstvennyi universitet"),
        ("温州大学", "wen zhou da xue"),
        ("長崎カステラ", "長 qi kasutera"),
        ("대진대학교", "daejindaehaggyo"),
        ("Ωμέγα", "omega"),
        ("Łódź", "Łódź"),
    ],
)
def test_other_scripts_are_read_as_people_type_them(text, latin):
    assert romanise(text) == latin


@pytest.mark.parametrize("text", ["", " ", "!?", "\0", "\ud800", "🎓", "\u0301", "_", "' '"])
def test_what_is_no_name_becomes_nothing_and_breaks_nothing(text):
    assert isinstance(normalise(text, countries=COUNTRIES, misspelt=True).words, tuple)
