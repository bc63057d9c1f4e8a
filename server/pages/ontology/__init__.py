"""The terms of the ontology and the concepts, from the data themselves."""
