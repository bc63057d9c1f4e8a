"""The operations of an update, read from its terminals (SPARQL 1.1 grammar, section 19.8).

What stands between an update's keywords is read strictly, since it decides what may be written: a
text that the grammar's longest match does not take is refused, though the engine may take it
(`INSERTDATA`). Of triples and of the group after WHERE only the brackets are read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, NoReturn

from server.sparql.clarity import refused
from server.sparql.terminals import Token

_EXPONENT: Final = re.compile(r"[eE][0-9]*")
_SIGNS_IN_TRIPLES: Final = frozenset(".;,[]()^<>~+-|")
_BEFORE_GRAPHS: Final = ("GRAPH", "NAMED", "DEFAULT")
_WORDS_IN_TRIPLES: Final = frozenset({"a", "TRUE", "FALSE"})


@dataclass(frozen=True, slots=True)
class Declaration:
    """BASE or PREFIX; `prefix` is None for BASE and ends in a colon otherwise."""

    prefix: Token | None
    iri: Token


@dataclass(slots=True)
class Template:
    """The graphs in a block of quads: named, by a variable, and the one without a name."""

    start: int = 0
    end: int = 0
    graphs: list[Token] = field(default_factory=list)
    any_graph: bool = False
    default: bool = False


@dataclass(slots=True)
class Found:
    """One operation as written.

    Attributes:
        words: its keywords: `INSERT DATA`, `DELETE WHERE`, `MODIFY`, `LOAD` …
        first, last: its terminals, by number, both inclusive.
        silent: whether SILENT stands in it.
        targets: what it writes to beyond templates: IRIs, and DEFAULT, NAMED, ALL as words.
        templates: what it deletes and inserts.
        within: the graph after WITH.
        using: the first USING.
        where: the offset of WHERE, in a MODIFY.
        data: the terminals of what is neither joined nor matched, by number, end exclusive.
    """

    words: str
    first: int
    last: int = 0
    silent: bool = False
    targets: list[Token] = field(default_factory=list)
    templates: list[Template] = field(default_factory=list)
    within: Token | None = None
    using: Token | None = None
    where: int = 0
    data: list[tuple[int, int]] = field(default_factory=list)


class Reader:
    """Reads operations one after the other."""

    def __init__(self, text: str, read: Sequence[Token]) -> None:
        self._text = text
        self._read = read
        self._at = 0
        self._may_vary = True  # not in INSERT DATA and DELETE DATA
        self.looks_stuck = False  # to the engine, some name is a keyword and a name
        self.declarations: list[Declaration] = []
        self.operations: list[Found] = []

    def request(self) -> None:
        """Read everything.

        Raises:
            Problem: it is no update.
        """
        self._prologue()
        while self._at < len(self._read):
            found = Found("", self._at)
            self._operation(found)
            found.last = self._at - 1
            self.operations.append(found)
            if self._at < len(self._read):
                self._sign(";")
            self._prologue()

    def _prologue(self) -> None:
        while (word := self._word()) in ("BASE", "PREFIX", "VERSION"):
            self._at += 1
            if word == "VERSION":
                self._take("string")
                continue
            prefix = self._take("name") if word == "PREFIX" else None
            if prefix is not None and prefix.text.index(":") != len(prefix.text) - 1:
                self._refuse("a prefix ends with a colon", prefix)
            self.declarations.append(Declaration(prefix, self._take("iri")))

    def _operation(self, found: Found) -> None:
        found.words = word = self._word()
        self._at += 1
        match word:
            case "LOAD":
                self._load(found)
            case "CLEAR" | "DROP":
                found.silent = self._is("SILENT")
                found.targets.append(self._graph_or_all())
            case "CREATE":
                found.silent = self._is("SILENT")
                self._need("GRAPH")
                found.targets.append(self._iri())
            case "ADD" | "MOVE" | "COPY":
                found.silent = self._is("SILENT")
                source = self._graph_or_default()
                self._need("TO")
                target = self._graph_or_default()
                found.targets += (source, target) if word == "MOVE" else (target,)
            case "WITH" | "INSERT" | "DELETE":
                self._change(found, word)
            case _:
                self._at -= 1
                self._refuse("an operation begins with another word")

    def _load(self, found: Found) -> None:
        found.silent = self._is("SILENT")
        self._iri()
        if self._is("INTO"):
            self._need("GRAPH")
            found.targets.append(self._iri())
        else:
            found.targets.append(Token("word", "DEFAULT", 0))

    def _change(self, found: Found, word: str) -> None:
        if word != "WITH" and self._word() in ("DATA", "WHERE"):
            kind = self._word()
            found.words = f"{word} {kind}"
            if found.words == "INSERT WHERE":
                self._refuse("INSERT needs a template")
            self._at += 1
            self._may_vary = kind != "DATA"
            self._template(found, is_data=kind == "DATA")
            self._may_vary = True
            return
        found.words = "MODIFY"
        if word == "WITH":
            found.within = self._iri()
            word = self._word()
            if word not in ("INSERT", "DELETE"):
                self._refuse("DELETE or INSERT is missing")
            self._at += 1
        self._template(found, is_data=True)
        if word == "DELETE" and self._is("INSERT"):
            self._template(found, is_data=True)
        self._using(found)
        found.where = self._here().start
        self._need("WHERE")
        self._group()

    def _using(self, found: Found) -> None:
        while self._word() == "USING":
            found.using = found.using or self._here()
            self._at += 1
            self._is("NAMED")
            self._graph()

    def _template(self, found: Found, *, is_data: bool) -> None:
        """Read quads; those of data and templates are not joined."""
        first = self._at
        template = Template(start=self._here().start)
        self._sign("{")
        while self._here().text != "}":
            if self._is("GRAPH"):
                if self._here().kind == "variable" and self._may_vary:
                    template.any_graph = True
                    self._at += 1
                else:
                    template.graphs.append(self._iri())
                self._sign("{")
                while self._here().text != "}":
                    self._in_triples()
                self._sign("}")
            else:
                template.default |= self._here().text != "."
                self._in_triples()
        template.end = self._here().start + 1
        self._sign("}")
        found.templates.append(template)
        if is_data:
            found.data.append((first, self._at))

    def _in_triples(self) -> None:
        """Pass one terminal of triples, or a whole annotation."""
        token = self._here()
        if token.kind == "variable" and not self._may_vary:
            self._refuse("data have no variables")
        if token.text == "{" and self._peek() == "|":
            self._at += 2
            while not (self._here().text == "|" and self._peek() == "}"):
                self._in_triples()
            self._at += 2
        elif token.kind in ("variable", "iri", "name", "node", "string", "number", "language"):
            self._at += 1
        elif (token.kind == "word" and self._is_value(token)) or token.text in _SIGNS_IN_TRIPLES:
            self._at += 1
        else:
            self._refuse("this does not stand in triples")

    def _is_value(self, token: Token) -> bool:
        before = self._read[self._at - 1]
        if _EXPONENT.fullmatch(token.text):
            return before.kind == "number" or before.text == "."
        direction = before.text == "-" and token.text.lower() in ("ltr", "rtl")
        return direction or token.text == "a" or token.text.upper() in _WORDS_IN_TRIPLES

    def _group(self) -> None:
        """Pass a group with everything in it."""
        self._sign("{")
        depth = 1
        while depth:
            text = self._here().text
            depth += (text == "{") - (text == "}")
            self._at += 1

    def _graph_or_all(self) -> Token:
        if self._is("GRAPH"):
            return self._iri()
        if self._word() not in ("DEFAULT", "NAMED", "ALL"):
            self._refuse("GRAPH, DEFAULT, NAMED or ALL is missing")
        self._at += 1
        return self._read[self._at - 1]

    def _graph_or_default(self) -> Token:
        if self._is("DEFAULT"):
            return self._read[self._at - 1]
        self._is("GRAPH")
        return self._graph()

    def _graph(self) -> Token:
        """Read an IRI before which a keyword may stand: the engine needs no blank between them."""
        token = self._iri()
        prefix = token.text.partition(":")[0] + ":"
        declared = {one.prefix.text for one in self.declarations if one.prefix}
        for keyword in _BEFORE_GRAPHS:
            if token.kind == "name" and prefix.upper().startswith(keyword):
                self.looks_stuck = True
                if prefix[len(keyword) :] in declared:
                    what = "this is a name, or a keyword and a name"
                    raise refused(self._text, token, what, "write it as an IRI")
        return token

    def _here(self) -> Token:
        if self._at >= len(self._read):
            self._refuse("the update ends too early")
        return self._read[self._at]

    def _peek(self) -> str:
        return self._read[self._at + 1].text if self._at + 1 < len(self._read) else ""

    def _word(self) -> str:
        """Return the bare word at hand in upper case, "" when something else stands there."""
        if self._at >= len(self._read) or self._read[self._at].kind != "word":
            return ""
        return self._read[self._at].text.upper()

    def _is(self, word: str) -> bool:
        found = self._word() == word
        self._at += found
        return found

    def _need(self, word: str) -> None:
        if not self._is(word):
            self._refuse(f"{word} is missing")

    def _iri(self) -> Token:
        return self._take("iri", "name")

    def _take(self, *kinds: str) -> Token:
        token = self._here()
        if token.kind not in kinds:
            self._refuse(f"{_MISSING[kinds[0]]} is missing")
        self._at += 1
        return token

    def _sign(self, text: str) -> None:
        token = self._here()
        if token.kind != "other" or token.text != text:
            self._refuse(f"{text} is missing")
        self._at += 1

    def _refuse(self, what: str, token: Token | None = None) -> NoReturn:
        if token is None and self._at < len(self._read):
            token = self._read[self._at]
        raise refused(self._text, token or Token("other", "", len(self._text)), what)


_MISSING: Final = {"iri": "an IRI", "name": "a prefix", "string": "a string"}
