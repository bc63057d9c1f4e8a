"""Organisations made up for tests."""

from kg.matching.records import Name, NameKind, Record, Status


def record(key, *names, acronym="", **fields):
    """Return a record with labels, and an acronym."""
    listed = [Name(name) for name in names]
    listed += [Name(acronym, NameKind.ACRONYM)] if acronym else []
    return Record(key, tuple(listed), **fields)


CHINA = {"country": "CN", "country_name": "China", "kinds": ("education",)}
RUSSIA = {"country": "RU", "country_name": "Russia", "kinds": ("education",)}
POLAND = {"country": "PL", "country_name": "Poland", "kinds": ("education",)}
TOWNS = ("Anyang", "Baoding", "Chengdu", "Dalian", "Foshan", "Guilin", "Hefei", "Jilin", "Kunming")

RECORDS = (
    record("lodz", "Lodz University of Technology", "Politechnika Łódzka", city="Łódź", **POLAND),
    record("lodz-u", "University of Łódź", "Uniwersytet Łódzki", city="Łódź", **POLAND),
    record("spb", "Saint Petersburg State University", "Санкт-Петербургский университет",
           acronym="SPbU", city="Saint Petersburg", **RUSSIA),
    record("shantou", "Shantou University", "汕头大学", acronym="STU", city="Shantou", **CHINA),
    record("harbin", "Harbin University", city="Harbin", **CHINA),
    record("harbin-med", "Harbin Medical University", city="Harbin", **CHINA),
    record("wenzhou", "Wenzhou University", "温州大学", city="Wenzhou", **CHINA),
    record("old", "Yantai Naval Academy", status=Status.WITHDRAWN, **CHINA),
    record("twin-cn", "Orion Research Institute", **CHINA),
    record("twin-pl", "Orion Research Institute", **POLAND),
    record("huawei-pl", "Huawei Technologies (Poland)", **POLAND),
    record("ivanov", "Ivan Ivanov", kinds=("person",)),
    record("graz", "Graz", country="AT", country_name="Austria", kinds=("city",)),
    *(record(f"tech-{town}", f"{town} University of Technology", city=town, **CHINA)
      for town in TOWNS),
    *(record(f"inst-{town}", f"{town} Institute of Physics", city=town, **CHINA)
      for town in TOWNS),
)  # fmt: skip
