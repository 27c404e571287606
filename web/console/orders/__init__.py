"""Forløb: the list and board of orders, found by filters that are addresses, saved, exported, and changed together."""
