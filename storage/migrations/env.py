"""What Alembic runs: our steps on the connection that `storage.migrate` hands over, inside its transaction."""

from alembic import context

from storage.database import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,  # both databases can; a failed step leaves nothing behind
    render_as_batch=True,
    compare_type=True,
)
context.run_migrations()
