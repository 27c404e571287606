"""What KiAP writes to people, and how it leaves: `catalogue.py` for the words, `sending.py` for the ways out."""
