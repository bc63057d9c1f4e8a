"""Who says a fact: `saidIn` names a statement, and its speakers answer for the fact."""

from __future__ import annotations

from dataclasses import dataclass

from kg.articles.checked import Statement
from kg.articles.declarations import Declarations, Declared
from kg.articles.documents import Branch, Node, Scalar
from kg.articles.reading import Reading
from kg.articles.references import References
from kg.articles.values import Values
from kg.errors import BadValue, UnknownKey
from kg.iris import term
from kg.terms import iri

SAID_IN = Scalar("saidIn")


@dataclass(slots=True)
class Attribution:
    """Adds to facts in which statement they are said, and by whom."""

    reading: Reading
    declared: Declarations
    references: References
    values: Values

    def add(self, node: Declared, passage: Branch | None, statements: list[Statement]) -> None:
        """Add what follows from `saidIn`, written on the fact or on its passage."""
        written = next(node.written(SAID_IN), None)
        if written is None and passage is not None:
            written = self._inherited(node, passage.get(SAID_IN), statements)
        if isinstance(written, Scalar):
            self._add_speakers(node, written, statements)

    def _inherited(
        self, node: Declared, said_in: Node | None, statements: list[Statement]
    ) -> Scalar | None:
        owner = f'passage "{node.passage}"'
        word = self.reading.word(said_in, f"{owner}: saidIn")
        if word is None or word == node.key:
            return None
        known = self.reading.ontology.properties.get(SAID_IN)
        if known is None:
            self.reading.error(UnknownKey, word, f"{owner}: the ontology has no saidIn")
            return None
        found = self.values.read(known, word, owner)
        statements.extend((iri(known.iri), encoded) for encoded in found)
        return word if found else None

    def _add_speakers(self, node: Declared, said_in: Scalar, statements: list[Statement]) -> None:
        predicate = iri(term("accordingTo"))
        known = {value for name, value in statements if name == predicate}
        spoken = self.declared.nodes.get(said_in.removeprefix(f"{self.reading.article.slug}/"))
        speakers: dict[str, None] = {}
        for value in spoken.written("speaker") if spoken else ():
            if isinstance(value, Scalar) and spoken:
                found = self.references.targets(value, spoken.owner)
                speakers.update(dict.fromkeys(target.term for target in found))
        if not speakers and not known:
            hint = "write accordingTo: and the speaker"
            what = f"{node.owner}: the speaker of {str(said_in)!r} is not known here"
            self.reading.error(BadValue, said_in, what, hint=hint)
        statements.extend((predicate, value) for value in speakers if value not in known)
