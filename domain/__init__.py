"""What KiAP does, pure: no I/O, no clock, no framework. Read `order.py`, then `decisions/`."""
