"""The command line, a module a group; `worker/cli.py` lists them and imports the one that is called."""
