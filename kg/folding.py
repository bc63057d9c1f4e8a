"""How names are made comparable: case, accents and letters such as ł, ø and ß are folded away.

Search and matching fold alike, so what one finds the other does.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_LETTERS: Final = str.maketrans(
    {
        "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i",
        "ħ": "h", "ŧ": "t", "ŋ": "n", "ĸ": "k", "ſ": "s", "ƒ": "f", "ə": "a",
        "Ł": "l", "Ø": "o", "Đ": "d", "Ð": "d", "Þ": "th", "Æ": "ae", "Œ": "oe", "ẞ": "ss",
        "Ħ": "h", "Ŧ": "t", "Ŋ": "n", "Ə": "a",
        "'": "", "’": "", "‘": "", "ʼ": "", "ʻ": "", "`": "", "´": "", "ʹ": "",
    }
)  # fmt: skip
_ASCII: Final = str.maketrans({"'": "", "`": "", "_": " "})
IDEOGRAPH: Final = re.compile(
    "[\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\U00020000-\U0003ffff]"
)
_WORDS: Final = re.compile(r"\w+")


def fold(text: str) -> str:
    """Return the words of a text as the index knows them, each ideograph a word of its own.

    >>> fold("Łódź University"), fold("Straße"), fold("Ёлка"), fold("Xi’an 交通")
    ('lodz university', 'strasse', 'елка', 'xian 交 通')
    """
    if text.isascii():
        return " ".join(_WORDS.findall(text.translate(_ASCII).lower()))
    decomposed = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    bare = "".join([char for char in decomposed if not unicodedata.combining(char)])
    folded = bare.casefold().translate(_LETTERS)
    return " ".join(_WORDS.findall(IDEOGRAPH.sub(r" \g<0> ", folded).replace("_", " ")))
