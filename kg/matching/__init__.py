"""Matches names with records: organisations of a registry, or a graph's own entities."""
