"""What the service says of itself (Entity Reconciliation API 0.2, section 3)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from kg.prefixes import VOCABULARIES
from server.reconciling.asked import MOST_IDS, MOST_QUERIES
from server.reconciling.vocabulary import Vocabulary

WIDTH: Final = 420  # pixels of a preview
HEIGHT: Final = 240
_COMMON: Final = ("Organization", "University", "Person", "Place", "Event")


def manifest(root: str, base: str, version: str, vocabulary: Vocabulary) -> dict[str, Any]:
    """Return the manifest; `root` is where this server is reached, without a slash at the end."""
    service = f"{root}/reconcile"
    return {
        "versions": ["0.2"],
        "name": "UniPact",
        "identifierSpace": f"{base}id/",
        "schemaSpace": VOCABULARIES["up"],
        "documentation": f"{root}/openapi.json",
        "serviceVersion": version,
        "batchSize": MOST_QUERIES,
        "extendSize": MOST_IDS,
        "defaultTypes": _default_types(vocabulary),
        "view": {"url": f"{service}/view?id={{{{id}}}}"},
        "preview": {
            "url": f"{service}/preview?id={{{{id}}}}",
            "width": WIDTH,
            "height": HEIGHT,
        },
        "suggest": {
            kind: {
                "service_url": root,
                "service_path": f"/reconcile/suggest/{kind}",
                "flyout_service_url": root,
                "flyout_service_path": f"/reconcile/flyout/{kind}?id=${{id}}",
            }
            for kind in ("entity", "type", "property")
        },
        "extend": {
            "propose_properties": {
                "service_url": root,
                "service_path": "/reconcile/properties",
            },
            "property_settings": _settings(),
        },
    }


def _default_types(vocabulary: Vocabulary) -> Sequence[dict[str, str]]:
    iris = [VOCABULARIES["up"] + name for name in _COMMON]
    return [vocabulary.type(iri) for iri in iris if iri in vocabulary.classes]


def _settings() -> list[dict[str, Any]]:
    return [
        {
            "name": "limit",
            "label": "Limit",
            "type": "number",
            "default": 0,
            "help_text": "The most values of each thing; 0 for all.",
        },
        {
            "name": "content",
            "label": "Content",
            "type": "select",
            "default": "name",
            "help_text": "Things as names that are reconciled already, or their IRIs as text.",
            "choices": [{"value": "name", "name": "Name"}, {"value": "id", "name": "IRI"}],
        },
        {
            "name": "language",
            "label": "Language",
            "type": "text",
            "default": "",
            "help_text": "Texts in this language only, such as en, ru or zh; empty for all.",
        },
    ]
