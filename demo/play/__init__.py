"""The time machine: the whole system on a clock that can be moved, for teaching and for trying it."""
