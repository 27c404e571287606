"""What is kept: events, read models, directory, ballots, documents, outbox. SQLite or PostgreSQL through SQLAlchemy Core."""
