"""Kræver handling: the list of what needs a person."""
