"""``zaoan migrate`` and ``zaoan version``."""

from zaoan import __version__


def migrate() -> None:
    """Brings the database to the schema of this version."""
    from zaoan.terminal.common import installation_made

    with installation_made(otherwise="The database is up to date."):
        pass


def version() -> None:
    """The version of Zao'an."""
    print(__version__)
