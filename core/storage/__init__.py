"""The database: connections, the unit of work, the one writer, migrations."""
