"""KiAP's console, below `/drift`: signing in, and the frame that every page of it stands in."""
