"""The command line, a module a group. Each command is a function with typed parameters; `worker/cli.py` gathers them."""
