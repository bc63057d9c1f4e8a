"""A query as code that runs it elsewhere: curl, Python, R, JavaScript.

The editor writes the same for what is being edited (`server/frontend/src/snippets.js`); here it is
for pages without scripts.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

ROWS, ANSWER, GRAPH = "rows", "answer", "graph"
_ACCEPT: Final = {
    ROWS: "text/csv",
    ANSWER: "application/sparql-results+json",
    GRAPH: "text/turtle",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A query, the endpoint it is put to, and what it gives: `ROWS`, `ANSWER` or `GRAPH`."""

    query: str
    endpoint: str
    gives: str


def snippets(asked: Asked) -> dict[str, str]:
    """Return the code by the name of its language."""
    return {name: write(asked) for name, write in _LANGUAGES.items()}


def _curl(asked: Asked) -> str:
    accept = shlex.quote(f"Accept: {_ACCEPT[asked.gives]}")
    query = shlex.quote(f"query={asked.query}")
    return f"curl -H {accept} --data-urlencode {query} {shlex.quote(asked.endpoint)}\n"


def _sparqlwrapper(asked: Asked) -> str:
    form = "TURTLE" if asked.gives == GRAPH else "JSON"
    use = {
        ROWS: 'for row in endpoint.queryAndConvert()["results"]["bindings"]:\n'
        '    print({name: cell["value"] for name, cell in row.items()})\n',
        ANSWER: 'print(endpoint.queryAndConvert()["boolean"])\n',
        GRAPH: "print(endpoint.queryAndConvert().decode())\n",
    }[asked.gives]
    imported = "POST, TURTLE" if asked.gives == GRAPH else "JSON, POST"
    return (
        f"from SPARQLWrapper import {imported}, SPARQLWrapper\n\n"
        f"endpoint = SPARQLWrapper({_python(asked.endpoint)})\n"
        f"endpoint.setMethod(POST)\nendpoint.setReturnFormat({form})\n"
        f"endpoint.setQuery({_python(asked.query)})\n{use}"
    )


def _rdflib(asked: Asked) -> str:
    use = {
        ROWS: "for row in result:\n    print(row.asdict())\n",
        ANSWER: "print(result.askAnswer)\n",
        GRAPH: 'print(result.graph.serialize(format="turtle"))\n',
    }[asked.gives]
    return (
        "from rdflib.plugins.stores.sparqlstore import SPARQLStore\n\n"
        f'endpoint = SPARQLStore({_python(asked.endpoint)}, method="POST_FORM")\n'
        f"result = endpoint.query({_python(asked.query)})\n{use}"
    )


def _r(asked: Asked) -> str:
    use = {
        ROWS: "print(read.csv(text = resp_body_string(answer)))\n",
        ANSWER: "print(resp_body_json(answer, check_type = FALSE)$boolean)\n",
        GRAPH: "cat(resp_body_string(answer))\n",
    }[asked.gives]
    return (
        f"library(httr2)\n\nquery <- {_r_text(asked.query)}\n"
        f"answer <- request({_r_text(asked.endpoint)}) |>\n"
        f"  req_headers(Accept = {_r_text(_ACCEPT[asked.gives])}) |>\n"
        f"  req_body_form(query = query) |>\n  req_perform()\n{use}"
    )


def _javascript(asked: Asked) -> str:
    accept = _ACCEPT[ANSWER if asked.gives == ROWS else asked.gives]
    use = {
        ROWS: "console.table((await answer.json()).results.bindings);\n",
        ANSWER: "console.log((await answer.json()).boolean);\n",
        GRAPH: "console.log(await answer.text());\n",
    }[asked.gives]
    return (
        f"const query = {_template(asked.query)};\n"
        f"const answer = await fetch({json.dumps(asked.endpoint)}, {{\n  method: 'POST',\n"
        f"  headers: {{ Accept: '{accept}' }},\n  body: new URLSearchParams({{ query }}),\n}});\n"
        f"if (!answer.ok) throw new Error(await answer.text());\n{use}"
    )


def _python(text: str) -> str:
    plain = text.replace("\\", "\\\\").replace("\r", "\\r").replace("\0", "\\0")
    if "\n" not in plain:
        return '"' + plain.replace('"', '\\"') + '"'
    quoted = plain.replace('"""', '\\"\\"\\"')
    return '"""' + re.sub('"$', '\\\\"', quoted) + '"""'


def _r_text(text: str) -> str:
    if not re.search(r'["\\\n]', text):
        return f'"{text}"'
    dashes = ""
    while f'){dashes}"' in text:
        dashes += "-"
    return f'r"{dashes}({text}){dashes}"'


def _template(text: str) -> str:
    escaped = re.sub(r"[\\`]|\$(?=\{)", lambda found: "\\" + found[0], text)
    return "`" + escaped.replace("\r", "\\r") + "`"


_LANGUAGES: Final[dict[str, Callable[[Asked], str]]] = {
    "cURL": _curl,
    "Python, SPARQLWrapper": _sparqlwrapper,
    "Python, rdflib": _rdflib,
    "R": _r,
    "JavaScript": _javascript,
}
