"""Pages that say, while they are open, that something has changed since they were made."""
