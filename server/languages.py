"""The languages of the pages: which one a reader gets, and the words of each.

The interface is in English, Russian and Chinese. A reader gets the language of the address
(`?lang=ru`), else the one that they chose (a cookie that holds nothing else), else the first of
`Accept-Language` that there is, else English. Names of things come in that language where they have
such a name, else in English, else in one without a language, else in any.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Blueprint, Flask, Response, has_request_context, redirect, request

LANGUAGES: Final = {"en": "English", "ru": "Русский", "zh": "中文"}
_DEFAULT: Final = "en"
_COOKIE: Final = "lang"
_KNOWN: Final = "unipact.language"  # in the environment of a request, once it is known
_YEAR: Final = 31_536_000  # seconds
_FOLDER: Final = Path(__file__).parent / "translations"


@cache
def _messages(code: str) -> NullTranslations:
    """Return the messages of `translations/<language>.po`, which is read as it is written."""
    file = _FOLDER / f"{code}.po"
    if not file.is_file():
        return NullTranslations()
    out = io.BytesIO()
    with file.open("rb") as lines:
        write_mo(out, read_po(lines, locale=code))
    out.seek(0)
    return Translations(out)


def gettext(message: str, **values: object) -> str:
    """Return a message in the language of the page, its `%(name)s` filled in."""
    found = _messages(language()).gettext(message)
    return found % values if values else found


def ngettext(singular: str, plural: str, num: int, **values: object) -> str:
    """Return the form of a message that a number needs; `%(num)s` is the number."""
    found = _messages(language()).ngettext(singular, plural, num)
    return found % {"num": num, **values}


def attach(app: Flask) -> None:
    """Make `_()`, `ngettext` and the choice of language known to the app and its templates."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda message: _messages(language()).gettext(message),
        lambda singular, plural, num: _messages(language()).ngettext(singular, plural, num),
        newstyle=True,
    )
    app.register_blueprint(_routes())

    @app.after_request
    def vary(response: Response) -> Response:
        if response.mimetype == "text/html" and response.status_code not in (204, 304):
            response.headers["Content-Language"] = language()
            response.vary.update(("Accept-Language", "Cookie"))
        return response


def language() -> str:
    """Return the language of the page that is being made, one of `LANGUAGES`."""
    if not has_request_context():
        return _DEFAULT
    known: str = request.environ.get(_KNOWN, "")  # a page asks for each of its messages
    if not known:
        known = request.environ[_KNOWN] = _asked()
    return known


def _asked() -> str:
    for chosen in (request.args.get("lang", ""), request.cookies.get(_COOKIE, "")):
        if chosen in LANGUAGES:
            return chosen
    return request.accept_languages.best_match(list(LANGUAGES), _DEFAULT) or _DEFAULT


def preference(code: str, wanted: str) -> tuple[int, str]:
    """Return a key that sorts language tags of names by how well they fit a reader.

    >>> sorted(["de", "", "en", "ru"], key=lambda code: preference(code, "ru"))
    ['ru', 'en', '', 'de']
    """
    base = code.partition("-")[0]
    if base == wanted:
        return 0, code
    return {"en": 1, "": 2}.get(base, 3), code


def best(names: Sequence[tuple[str, str]], wanted: str) -> str:
    """Return the text, of (text, language), that fits a reader best; "" of none."""
    return min(names, key=lambda name: (preference(name[1], wanted), name[0]), default=("", ""))[0]


def _routes() -> Blueprint:
    blueprint = Blueprint("languages", __name__)

    @blueprint.get("/language")
    def choose() -> Response:
        """Keep the reader's choice and lead back to where they were."""
        chosen = request.args.get("to", "")
        there = urlsplit(request.args.get("back", "/"))
        path = there.path if there.path.startswith("/") and not there.path.startswith("//") else "/"
        response: Response = redirect(path + (f"?{there.query}" if there.query else ""), 303)  # type: ignore[assignment]
        if chosen in LANGUAGES:
            response.set_cookie(
                _COOKIE, chosen, max_age=_YEAR, samesite="Lax", httponly=True, path="/"
            )
        return response

    return blueprint
