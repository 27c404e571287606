"""The command line, a module a group; `worker/cli.py` gathers them."""
