"""Which articles there are, and reading one."""

import hashlib
import json
import os
import tracemalloc

import pytest

from kg import articles
from kg.articles import Source, read, sources, stored_text
from kg.errors import ArticleError, Place, Problems, TextMismatch

HERE = Place("article.txt")


@pytest.fixture
def folder(tmp_path):
    """An article folder that can be read."""
    article = tmp_path / "an-article"
    article.mkdir()
    write(article, b"Some words.\n")
    return article


def write(folder, text, *, name="article.txt"):
    digest = hashlib.sha256(text).hexdigest()
    (folder / "article.txt").write_bytes(text)
    (folder / "annotations.yaml").write_text(
        f"text: {{file: {name}, sha256: {digest}}}\n", encoding="utf-8"
    )


def errors_of(source):
    with pytest.raises(Problems) as caught:
        read(source)
    return str(caught.value)


def test_articles_come_sorted_folders_and_lines_alike(tmp_path):
    for name in ("b", "a", "no-article"):
        (tmp_path / name).mkdir()
    for name in ("b", "a"):
        write(tmp_path / name, b"x")
    (tmp_path / "a-lines.jsonl").write_text('{"slug": "x"}\n\n{"slug": "y"}', encoding="utf-8")

    found = [(source.path.name, source.line) for source in sources(tmp_path)]

    assert found == [("a", 0), ("a-lines.jsonl", 1), ("a-lines.jsonl", 3), ("b", 0)]


def test_one_article_folder_is_a_source(folder):
    assert list(sources(folder)) == [Source(folder)]


def test_folder_with_a_text_alone_is_reported(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "article.txt").write_text("words", encoding="utf-8")

    (source,) = sources(tmp_path)

    assert "'annotations.yaml' is missing" in errors_of(source)


@pytest.mark.parametrize("name", ["", "nowhere"])
def test_nothing_to_read_is_an_error(tmp_path, name):
    with pytest.raises(ArticleError):
        list(sources(tmp_path / name))


def test_folder_that_must_not_be_read_is_an_error(tmp_path, monkeypatch):
    def refuse(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(articles.Path, "iterdir", refuse)

    with pytest.raises(ArticleError, match="Permission denied"):
        list(sources(tmp_path))


def test_hash_is_of_the_bytes_and_text_is_as_stored(folder):
    data = b"\xef\xbb\xbfone\r\ntwo\rthree\n"
    write(folder, data)

    article = read(Source(folder))

    assert article.text == "one\ntwo\nthree\n"
    assert article.sha256 == hashlib.sha256(data).hexdigest()
    assert article.problems == ()


def test_other_text_than_annotated_is_a_problem_but_is_read(folder):
    (folder / "article.txt").write_bytes(b"Other words.\n")

    article = read(Source(folder))

    assert article.text == "Other words.\n"
    assert [type(problem) for problem in article.problems] == [TextMismatch]


def test_link_that_leads_out_of_the_folder_is_not_followed(folder, tmp_path):
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    (folder / "article.txt").unlink()
    (folder / "article.txt").symlink_to(tmp_path / "secret.txt")

    assert "not inside the article's folder" in errors_of(Source(folder))


def test_pipe_is_not_waited_for(folder):
    (folder / "article.txt").unlink()
    os.mkfifo(folder / "article.txt")

    assert "not a regular file" in errors_of(Source(folder))


def test_text_above_the_limit_is_refused_with_the_limit(folder, monkeypatch):
    monkeypatch.setattr(articles, "TEXT_LIMIT", 1024 * 1024)
    write(folder, b"x" * (1024 * 1024 + 1))

    assert "larger than 1 MiB" in errors_of(Source(folder))


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf \n", b"a\x00b", b"\xff", b"\xed\xa0\x80"])
def test_text_that_cannot_be_shown_is_refused(data):
    with pytest.raises(TextMismatch):
        stored_text(data, where=HERE)


def line(**entries):
    return json.dumps({"slug": "a", "text": "Some words."} | entries)


def lines_file(tmp_path, *lines):
    path = tmp_path / "articles.jsonl"
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def test_line_is_read_as_an_article(tmp_path):
    (source,) = sources(lines_file(tmp_path, line(text="one\r\ntwo")))

    article = read(source)

    assert (article.slug, article.text, article.place.line) == ("a", "one\ntwo", 1)


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ("{", "not JSON"),
        ("[]", "not a JSON object"),
        ("[" * 100_000, "deep"),
        (line(slug="A b"), "cannot stand in an IRI"),
        (line(slug=[]), '"slug" is missing'),
        (line(text={}), '"text" is missing'),
        (line(text="a\ud800"), "U+D800"),
        (line(text="a\x07"), "U+0007"),
        ('{"slug": "a", "slug": "b", "text": "x", "text": {}}', "repeated"),
    ],
)
def test_bad_line_is_reported_with_its_number(tmp_path, bad, message):
    *_, source = sources(lines_file(tmp_path, line(), bad))

    try:
        report = "\n".join(map(str, read(source).problems))
    except Problems as error:
        report = str(error)

    assert message in report
    assert "articles.jsonl:2: " in report


def test_bad_line_does_not_stop_the_next(tmp_path):
    _, source = sources(lines_file(tmp_path, "{", line(slug="b")))

    assert read(source).slug == "b"


def test_line_above_the_limit_is_refused_and_the_next_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(articles, "LINE_LIMIT", 1000)

    large, after = sources(lines_file(tmp_path, line(text="x" * 5000), line(slug="b")))

    assert "the line is larger than" in errors_of(large)
    assert read(after).slug == "b"


def test_lines_are_not_held_in_memory(tmp_path):
    path = lines_file(tmp_path, *(line(text="x" * 100_000) for _ in range(100)))
    tracemalloc.start()

    for source in sources(path):
        read(source)

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2_000_000
