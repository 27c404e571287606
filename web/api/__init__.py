"""The HTTP API: orders in, their standing out, commands."""
