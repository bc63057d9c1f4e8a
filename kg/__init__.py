"""Builds releases: reads, maps, validates, derives, links and publishes. Knows nothing of HTTP."""
