"""The papers of an order on the web: who gets which, from when, and that nothing with names is kept."""
