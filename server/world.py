"""The map of the world, drawn when the scripts of the pages are built, and where a place is on it.

Countries are outlines of Natural Earth at 1:110 million, as SVG paths. The projection is Natural
Earth I: pleasant to look at, neither conformal nor equal-area.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from math import radians
from typing import Any, Final

from server.assets import Assets

NAME: Final = "world.json"


@dataclass(frozen=True, slots=True)
class Country:
    """A country on the map.

    Attributes:
        code: ISO 3166-1 alpha-2; "" for the few without one.
        names: its name by language (en, ru, zh), as CLDR has it, without the curators' doing.
        also: other English names.
        x: where its middle is.
        y: likewise, downwards.
        path: its outline.
    """

    code: str
    names: Mapping[str, str]
    also: tuple[str, ...]
    x: float
    y: float
    path: str


@dataclass(frozen=True, slots=True)
class World:
    """The countries and the projection; lengths are in units of the picture.

    Attributes:
        view_box: left, top, width and height of the picture.
        centre: the longitude in the middle, in degrees.
        scale: how long a radian is at the equator, before the projection's factors.
        x: where (centre, 0) is.
        y: likewise, downwards.
        countries: by their English names.
    """

    view_box: tuple[float, float, float, float]
    centre: float
    scale: float
    x: float
    y: float
    countries: tuple[Country, ...]

    @classmethod
    def read(cls, assets: Assets) -> World | None:
        """Return the built map; None when nothing was built."""
        text = assets.text(NAME)
        return cls.of(json.loads(text)) if text else None

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> World:
        """Read the content of the built file."""
        left, top, width, height = content["viewBox"]
        projection = content["projection"]
        return cls(
            view_box=(left, top, width, height),
            centre=projection["centre"],
            scale=projection["scale"],
            x=projection["x"],
            y=projection["y"],
            countries=tuple(
                Country(**{**country, "also": tuple(country["also"])})
                for country in content["countries"]
            ),
        )

    def place(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Return where a point of the earth is in the picture; degrees, east and north positive.

        Source: Natural Earth projection, polynomials of Šavrič, Jenny, Patterson, Petrovič and
        Hurni (2011), as d3-geo has them.
        """
        turned = radians((longitude - self.centre + 180) % 360 - 180)
        phi = radians(latitude)
        p2, p4 = phi**2, phi**4
        across = turned * (
            0.8707 - 0.131979 * p2 + p4 * (-0.013791 + p4 * (0.003971 * p2 - 0.001529 * p4))
        )
        up = phi * (1.007226 + p2 * (0.015085 + p4 * (-0.044475 + 0.028874 * p2 - 0.005916 * p4)))
        return self.x + self.scale * across, self.y - self.scale * up
