"""Measurements that `make bench` runs: each module with a `main` prints its own tables, goals and verdicts."""
