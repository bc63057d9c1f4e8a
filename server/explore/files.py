"""The views as files: tables as CSV, the network as GEXF."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Final
from xml.etree import ElementTree

from server.explore.network import Network

_GEXF: Final = "http://gexf.net/1.3"
# What XML 1.0 cannot hold (section 2.2).
_FORBIDDEN: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table as CSV (RFC 4180)."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(head)
    writer.writerows(rows)
    return out.getvalue()


def gexf(network: Network, *, names: dict[str, str], kinds: dict[str, str]) -> bytes:
    """Return a network for Gephi and its like.

    Source: GEXF 1.3 primer.
    """
    root = ElementTree.Element("gexf", {"xmlns": _GEXF, "version": "1.3"})
    graph = ElementTree.SubElement(root, "graph", {"defaultedgetype": "undirected"})
    for name, columns in (("node", ("class",)), ("edge", ("kind", "reality", "from", "to"))):
        described = ElementTree.SubElement(graph, "attributes", {"class": name})
        for column in columns:
            described.append(_element("attribute", id=column, title=column, type="string"))
    nodes = ElementTree.SubElement(graph, "nodes")
    for node in network.nodes:
        one = _element("node", id=node.iri, label=names.get(node.iri, node.iri))
        one.append(_values({"class": node.kind}))
        nodes.append(one)
    edges = ElementTree.SubElement(graph, "edges")
    for number, edge in enumerate(network.edges):
        one = _element(
            "edge",
            id=str(number),
            source=edge.one,
            target=edge.two,
            label=kinds[edge.kind],
            weight=str(max(len(edge.facts), 1)),
        )
        values = {"kind": edge.kind, "reality": edge.reality, "from": edge.first, "to": edge.last}
        one.append(_values(values))
        edges.append(one)
    ElementTree.indent(root)
    found: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return found + b"\n"


def xml_text(text: str) -> str:
    """Return a text without the characters that XML cannot hold."""
    return _FORBIDDEN.sub("", text)


def _values(values: dict[str, str]) -> ElementTree.Element:
    found = ElementTree.Element("attvalues")
    found.extend(_element("attvalue", **{"for": k, "value": v}) for k, v in values.items() if v)
    return found


def _element(name: str, **attributes: str) -> ElementTree.Element:
    known = {key: xml_text(value) for key, value in attributes.items()}
    return ElementTree.Element(name, known)
