"""Judging what was mapped: SHACL, checks of the whole graph, and reports of both."""
