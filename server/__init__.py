"""Serves releases over HTTP. Knows nothing of article files or of mapping."""
