"""The HTTP API: orders in, their state out, commands."""
