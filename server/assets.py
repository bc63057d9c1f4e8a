"""The bundled scripts and styles of the pages: where they are, and how they are sent.

They are built from `server/frontend/` into `static/built/`, where a manifest says which file is
which. Where nothing was built there is no manifest, and pages come without scripts: every name
then stands for nothing. What each script needs of a page is told in `server/frontend/README.md`.
"""

from __future__ import annotations

import json
import mimetypes
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any, Final

from flask import Blueprint, Response, abort, request, send_from_directory
from markupsafe import Markup

BUILT: Final = Path(__file__).parent / "static" / "built"
_PATH: Final = "/static/built/"
_ENCODINGS: Final = (("br", ".br"), ("gzip", ".gz"))
_YEAR: Final = 31_536_000  # seconds; a name holds the hash of its content, so it never changes
_TYPES: Final = {".js": "text/javascript", ".css": "text/css", ".json": "application/json"}


@dataclass(frozen=True, slots=True)
class Asset:
    """A built file: its name with the hash, its integrity, and what must be loaded with it."""

    file: str
    integrity: str
    module: bool = False
    styles: tuple[Asset, ...] = ()
    needs: tuple[Asset, ...] = ()

    @property
    def url(self) -> str:
        """Its path on this server."""
        return _PATH + self.file

    @classmethod
    def of(cls, entry: Mapping[str, Any]) -> Asset:
        """Read an entry of the manifest."""
        return cls(
            file=entry["file"],
            integrity=entry["integrity"],
            module=entry.get("module", False),
            styles=tuple(map(cls.of, entry.get("styles", ()))),
            needs=tuple(map(cls.of, entry.get("needs", ()))),
        )


@dataclass(slots=True)
class Assets:
    """What was built, by the names of the sources: "search.js", "world.json", "licences.txt"."""

    folder: Path = BUILT
    known: Mapping[str, Asset] = field(default_factory=dict)

    @classmethod
    def read(cls, folder: Path = BUILT) -> Assets:
        """Read the manifest; without a readable one nothing is known."""
        try:
            manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
            return cls(folder, {name: Asset.of(one) for name, one in manifest["assets"].items()})
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return cls(folder)

    def __contains__(self, name: str) -> bool:
        return name in self.known

    def url(self, name: str) -> str:
        """Return the path of a built file, "" when it is not built."""
        return self.known[name].url if name in self.known else ""

    def integrity(self, name: str) -> str:
        """Return the digest of a built file for `integrity=`, "" when it is not built."""
        return self.known[name].integrity if name in self.known else ""

    def head(self, *names: str) -> Markup:
        """Return the elements that load scripts with their styles, for <head>; each file once.

        Modules wait until the page is parsed; a script that is no module ("theme.js") blocks.
        """
        found = [self.known[name] for name in names if name in self.known]
        lines = [_style(one) for asset in found for one in asset.styles]
        lines += [_preload(one) for asset in found for one in asset.needs]
        lines += [_script(asset) for asset in found]
        return Markup("\n".join(dict.fromkeys(lines)))  # noqa: S704 - everything in it is escaped

    def text(self, name: str) -> str:
        """Return the content of a built text, "" when it is not built."""
        if name not in self.known:
            return ""
        return (self.folder / self.known[name].file).read_text(encoding="utf-8")


def routes(assets: Assets) -> Blueprint:
    """Return the route of the built files; it sends them compressed, and to be kept for good."""
    blueprint = Blueprint("assets", __name__)
    files = frozenset(_files(assets.known.values()))

    @blueprint.get(f"{_PATH}<name>")
    def built(name: str) -> Response:
        if name not in files:
            abort(404)
        stored, encoding = _stored(assets.folder, name)
        response = send_from_directory(
            assets.folder, stored, mimetype=_type(name), conditional=True, max_age=_YEAR
        )
        if encoding:
            response.headers["Content-Encoding"] = encoding
        response.vary.add("Accept-Encoding")
        response.cache_control.public = True
        response.cache_control.immutable = True
        return response

    return blueprint


def _stored(folder: Path, name: str) -> tuple[str, str]:
    """Return the file to send to this client and its encoding."""
    for encoding, suffix in _ENCODINGS:
        if request.accept_encodings[encoding] and (folder / (name + suffix)).is_file():
            return name + suffix, encoding
    return name, ""


def _files(assets: Iterable[Asset]) -> Iterator[str]:
    for asset in assets:
        yield asset.file
        yield from _files((*asset.styles, *asset.needs))


def _type(name: str) -> str:
    return _TYPES.get(Path(name).suffix) or mimetypes.guess_type(name)[0] or "text/plain"


def _style(asset: Asset) -> str:
    return (
        f'<link rel="stylesheet" href="{escape(asset.url)}" integrity="{escape(asset.integrity)}">'
    )


def _preload(asset: Asset) -> str:
    return (
        f'<link rel="modulepreload" href="{escape(asset.url)}" '
        f'integrity="{escape(asset.integrity)}">'
    )


def _script(asset: Asset) -> str:
    kind = ' type="module"' if asset.module else ""
    return (
        f'<script{kind} src="{escape(asset.url)}" integrity="{escape(asset.integrity)}"></script>'
    )
