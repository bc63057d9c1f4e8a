"""Links to other knowledge bases: what was found, what people decided, and the RDF of it.

`sssom` reads and writes the files that hold the decisions, `links` makes RDF of the accepted ones.
"""
