"""What stands where a name, an address or a text was."""

ERASED = ""
