"""The key table as JSON: a JSON-LD 1.1 context, and what each key takes.

JSON-LD processors read `@context` and ignore `keys`; annotations and forms read `keys`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from kg.ontology import Ontology
    from kg.ontology.keys import ClassTerm, PropertyTerm

_XSD: Final = "http://www.w3.org/2001/XMLSchema#"


def context_document(ontology: Ontology) -> str:
    """Return the text of `context.jsonld`, the same for the same ontology."""
    return json.dumps(ontology.key_table(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def key_table(ontology: Ontology) -> dict[str, object]:
    """Return the JSON-LD context (`@context`) and the table of keys (`keys`)."""
    classes = {key: term.iri for key, term in ontology.classes.items()}
    properties = {key: _in_context(term, ontology) for key, term in ontology.properties.items()}
    return {
        "@context": {"@version": 1.1, "id": "@id", "is": "@type", **classes, **properties},
        "keys": {
            "classes": {key: _class_row(term) for key, term in ontology.classes.items()},
            "properties": {key: _property_row(term) for key, term in ontology.properties.items()},
            "schemes": {key: sorted(concepts) for key, concepts in ontology.concepts.items()},
        },
    }


def _in_context(term: PropertyTerm, ontology: Ontology) -> dict[str, object]:
    definition: dict[str, object] = {"@id": term.iri}
    if term.schemes:
        definition["@type"] = "@vocab"
        definition["@context"] = _vocabulary(term, ontology)
    elif term.ranges == ("class",):
        definition["@type"] = "@vocab"
    elif term.ranges == ("rdf:langString",):
        definition["@container"] = "@language"
    elif len(term.ranges) == 1 and term.ranges[0].startswith("xsd:"):
        definition["@type"] = term.ranges[0].replace("xsd:", _XSD)
    else:
        definition["@type"] = "@id"
    return definition


def _vocabulary(term: PropertyTerm, ontology: Ontology) -> dict[str, str]:
    """Return the context in which a property's concept keys become IRIs.

    One scheme is one `@vocab`. Keys that are also terms (`member` is a role and a property) are
    named, and so are all keys of a property with several schemes. A null that cleared the terms
    would be shorter, but not every processor takes it.
    """
    concepts = [c for scheme in term.schemes for c in ontology.concepts[scheme].values()]
    if len(term.schemes) > 1:
        return {concept.key: concept.iri for concept in concepts}
    taken = ontology.classes.keys() | ontology.properties.keys() | {"id", "is"}
    named = {concept.key: concept.iri for concept in concepts if concept.key in taken}
    bases = {concept.iri.removesuffix(concept.key) for concept in concepts}
    return {"@vocab": min(bases), **named} if bases else {}


def _class_row(term: ClassTerm) -> dict[str, object]:
    return {
        "iri": term.iri,
        "superclasses": sorted(term.superclasses - {term.key}),
        "fact": term.is_fact,
        "statuses": None if term.statuses is None else sorted(term.statuses),
        "defaultStatus": term.default_status,
        "statusRequired": term.status_required,
        "inheritsStatusVia": term.inherits_status_via,
    }


def _property_row(term: PropertyTerm) -> dict[str, object]:
    return {
        "iri": term.iri,
        "domains": sorted(term.domains),
        "ranges": list(term.ranges),
        "schemes": list(term.schemes),
        "functional": term.functional,
        "attribute": term.attribute,
        "derived": term.derived,
    }
