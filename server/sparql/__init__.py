"""SPARQL over HTTP: requests are read, judged and answered; only `pool` and `worker` do I/O."""
