"""Article folders and JSON Lines: what there is to read, and reading one of them.

A folder holds `annotations.yaml` and the text that it names. A line of a `*.jsonl` file is the same
model as one object, with `slug` and the text itself as `text`; lines are read one at a time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kg.articles.documents import UNPRINTABLE, Branch, Document, Scalar, problem
from kg.articles.jsonline import read_json
from kg.articles.yamlfile import read_yaml
from kg.errors import (
    AnnotationError,
    ArticleError,
    BadValue,
    InputError,
    KgError,
    Place,
    Problems,
    SyntaxProblem,
    TextMismatch,
)
from kg.iris import check_key

ANNOTATIONS: Final = "annotations.yaml"
TEXT_LIMIT: Final = 16 * 1024 * 1024  # bytes of an article's text
ANNOTATIONS_LIMIT: Final = 16 * 1024 * 1024  # bytes of annotations.yaml
LINE_LIMIT: Final = 64 * 1024 * 1024  # bytes of a line of JSON Lines, text included
_BOM: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Source:
    """An article that is there to be read: a folder, or one line of a file."""

    path: Path
    line: int = 0
    content: bytes = b""

    @property
    def place(self) -> Place:
        """The file, and the line of JSON Lines, where the annotations stand."""
        if self.line:
            return Place(self.path.as_posix(), self.line)
        return Place((self.path / ANNOTATIONS).as_posix())


@dataclass(frozen=True, slots=True)
class Article:
    """An article as read, nothing checked yet but its files.

    `text` has LF line ends and no byte order mark; `sha256` is that of the bytes it was read from.
    `problems` are those that do not keep the rest from being checked.
    """

    slug: str
    place: Place
    tree: Branch
    text: str
    text_file: str
    sha256: str
    problems: tuple[KgError, ...] = ()


def sources(path: Path) -> Iterator[Source]:
    """Yield the articles of an article folder, a folder of such, or a JSON Lines file, sorted.

    Raises:
        ArticleError: there is nothing to read, or it must not be read.
    """
    try:
        yield from _sources(path)
    except OSError as error:
        where = Place(str(error.filename or path))
        raise ArticleError(f"cannot be read: {error.strerror}", where=where) from error


def _sources(path: Path) -> Iterator[Source]:
    if path.is_dir():
        entries = [path] if _is_article(path) else sorted(path.iterdir())
    elif path.is_file():
        entries = [path]
    else:
        raise ArticleError("there is no such file or folder", where=Place(path.as_posix()))
    found = False
    for entry in entries:
        if _is_article(entry):
            found = True
            yield Source(entry)
        elif entry.is_file() and (entry.suffix == ".jsonl" or entry is path):
            for source in _lines(entry):
                found = True
                yield source
    if not found:
        hint = f"an article is a folder with {ANNOTATIONS}, or a line of a *.jsonl file"
        raise ArticleError("no articles here", where=Place(path.as_posix()), hint=hint)


def read(source: Source) -> Article:
    """Read an article's annotations and text.

    Raises:
        Problems: every reason why there is nothing that could be checked.
    """
    return _read_line(source) if source.line else _read_folder(source)


def _is_article(path: Path) -> bool:
    return path.is_dir() and ((path / ANNOTATIONS).exists() or (path / "article.txt").exists())


def _lines(path: Path) -> Iterator[Source]:
    with path.open("rb") as file:
        number = 0
        while line := file.readline(LINE_LIMIT + 1):
            number += 1
            whole = line
            while line and not line.endswith(b"\n") and len(whole) > LINE_LIMIT:
                line = file.readline(LINE_LIMIT)
            if whole.strip():
                yield Source(path, number, whole)


def _read_folder(source: Source) -> Article:
    place = source.place
    errors: list[KgError] = []
    _check_slug(source.path.name, place, errors)
    document = _document(source.path / ANNOTATIONS, place)
    errors.extend(document.errors)
    if document.root is None:
        raise Problems(errors)
    try:
        file, data = _text_bytes(document.root, source.path)
        text = stored_text(data, where=Place(file.as_posix()))
    except KgError as error:
        raise Problems([*errors, error]) from error
    digest = hashlib.sha256(data).hexdigest()
    errors.extend(_wrong_hash(document.root, digest, file.name))
    return Article(
        slug=source.path.name,
        place=place,
        tree=document.root,
        text=text,
        text_file=file.name,
        sha256=digest,
        problems=tuple(errors),
    )


def _read_line(source: Source) -> Article:
    place = source.place
    if len(source.content) > LINE_LIMIT:
        raise Problems([_too_large("the line", LINE_LIMIT, place)])
    try:
        document = read_json(_decoded(source.content, place), place=place)
    except KgError as error:
        raise Problems([error]) from error
    errors = list(document.errors)
    if document.root is None:
        raise Problems(errors)
    slug, text = document.root.get(Scalar("slug")), document.root.get(Scalar("text"))
    if isinstance(slug, Scalar):
        _check_slug(slug, place, errors)
    else:
        errors.append(AnnotationError('"slug" is missing: the key of the article', where=place))
    if not isinstance(text, Scalar):
        errors.append(AnnotationError('"text" is missing: the article\'s words', where=place))
    if not isinstance(slug, Scalar) or not isinstance(text, Scalar):
        raise Problems(errors)
    data = text.encode()
    try:
        stored = stored_text(data, where=place)
    except KgError as error:
        raise Problems([*errors, error]) from error
    return Article(
        slug=str(slug),
        place=place,
        tree=document.root,
        text=stored,
        text_file="the text",
        sha256=hashlib.sha256(data).hexdigest(),
        problems=tuple(errors),
    )


def stored_text(data: bytes, *, where: Place) -> str:
    """Return the text of a file: no byte order mark, LF line ends, everything else as it is.

    Raises:
        TextMismatch: not UTF-8, empty, larger than `TEXT_LIMIT`, or with control characters.
    """
    if len(data) > TEXT_LIMIT:
        raise _too_large("the text", TEXT_LIMIT, where)
    text = _decoded(data, where).replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise TextMismatch("the text is empty", where=where)
    if bad := UNPRINTABLE.search(text):
        line = text.count("\n", 0, bad.start()) + 1
        column = bad.start() - text.rfind("\n", 0, bad.start())
        what = f"the character U+{ord(bad[0]):04X} is not allowed"
        raise TextMismatch(what, where=Place(where.file, where.line or line, column))
    return text


def inside(folder: Path, name: str) -> Path | None:
    """Return the regular file that a relative name means in a folder, None when it leads out."""
    if not name or "\\" in name or "\0" in name or Path(name).is_absolute():
        return None
    file = folder / name
    if not file.resolve().is_relative_to(folder.resolve()):
        return None
    return file


def _document(path: Path, place: Place) -> Document:
    try:
        data = _bytes(path, ANNOTATIONS_LIMIT, place)
        text = _decoded(data, place)
    except KgError as error:
        return Document(None, (error,))
    return read_yaml(text, file=place.file)


def _text_bytes(root: Branch, folder: Path) -> tuple[Path, bytes]:
    described = root.get(Scalar("text"))
    name = described.get(Scalar("file")) if isinstance(described, Branch) else None
    if not isinstance(name, Scalar):
        hint = "text: {file: article.txt, sha256: …}"
        raise problem(AnnotationError, described or root, "the text's file is missing", hint=hint)
    file = inside(folder, name)
    if file is None:
        what = f"the text {str(name)!r} is not inside the article's folder"
        raise problem(BadValue, name, what)
    return file, _bytes(file, TEXT_LIMIT, name.place)


def _bytes(path: Path, limit: int, where: Place) -> bytes:
    """Read a regular file of bounded size; a pipe or a device would never end."""
    try:
        if not path.is_file():
            what = "is not a regular file" if path.exists() else "is missing"
            raise TextMismatch(f"the file {path.name!r} {what}", where=where)
        if path.stat().st_size > limit:
            raise _too_large(f"the file {path.name!r}", limit, where)
        return path.read_bytes()
    except OSError as error:
        what = f"the file {path.name!r} cannot be read: {error.strerror}"
        raise TextMismatch(what, where=where) from error


def _decoded(data: bytes, where: Place) -> str:
    try:
        return data.removeprefix(_BOM).decode("utf-8")
    except UnicodeDecodeError as error:
        line = where.line or data.count(b"\n", 0, error.start) + 1
        what = f"not UTF-8: the byte 0x{data.removeprefix(_BOM)[error.start]:02X}"
        hint = "save the file as UTF-8"
        raise TextMismatch(what, where=Place(where.file, line), hint=hint) from error


def _wrong_hash(root: Branch, digest: str, name: str) -> Iterator[KgError]:
    described = root.get(Scalar("text"))
    assert isinstance(described, Branch)
    for key, value in described.items():
        if key == "sha256" and value != digest:
            hint = f"if the annotations fit the text: sha256: {digest}"
            yield TextMismatch(f"{name} is not the text annotated", where=value.place, hint=hint)
        elif key not in ("file", "sha256"):
            yield problem(SyntaxProblem, key, f"{str(key)!r} is not a key of text")
    if Scalar("sha256") not in described:
        hint = f"sha256: {digest}"
        yield problem(AnnotationError, described, "the text's sha256 is missing", hint=hint)


def _check_slug(slug: str, place: Place, errors: list[KgError]) -> None:
    try:
        check_key(slug)
    except InputError as error:
        what = f"the article's name: {error.what}"
        errors.append(ArticleError(what, where=place, hint=error.hint))


def _too_large(what: str, limit: int, where: Place) -> TextMismatch:
    size = f"{limit // (1024 * 1024)} MiB"
    return TextMismatch(f"{what} is larger than {size}", where=where)
