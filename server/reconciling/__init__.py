"""/reconcile: the Entity Reconciliation API 0.2 over the release in force."""
