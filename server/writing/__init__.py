"""Writing over HTTP: who may, what is asked, the process that does it, and what is answered.

A write is work for one process of its own, one write after the other: it runs what a client sent,
so it has a deadline, a memory limit and no network, and is replaced when it dies. It proposes the
change to `kg.changes`, which checks it and publishes a new release or refuses.
"""
