"""Modtagere: the systems that are told of events."""
