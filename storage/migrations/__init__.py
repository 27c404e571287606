"""The schema's steps, oldest first. Run by `storage.migrate`."""
