"""Runs migrations over the connection that ``adapters.records.upgrade`` hands in. Configures no logging."""

from alembic import context

from adapters.records.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
