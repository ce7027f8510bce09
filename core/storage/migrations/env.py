"""Alembic's entrance: migrates over the connection that ``core.storage.migrating`` hands in."""

from alembic import context

from core.storage.database import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
