"""What is kept: events, read models, directory, ballots, documents, outbox; on SQLite or PostgreSQL."""
