"""Why a database does not work: what an operator can mend, told from what only we can."""

from sqlalchemy.exc import ArgumentError, DatabaseError, DBAPIError, NoSuchModuleError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from core.storage.database import TooSlowError

NO_ADDRESS = "only sqlite:///… and postgresql+psycopg://… are understood"
_LASTING = {"SQLITE_NOTADB", "SQLITE_CORRUPT"}
_OF_OURS = {"SQLITE_ERROR"}
"""A statement that SQLite does not understand, or of a table that there is not: it calls that operational, too."""


def why_unreachable(failure: BaseException) -> str | None:
    """The reason in the database's own words, and no password: away, locked, full, not writable, or none of ours.

    None for everything else, above all for mistakes of our own.
    """
    if isinstance(failure, ArgumentError | NoSuchModuleError):
        return NO_ADDRESS
    if isinstance(failure, TooSlowError | PoolTimeoutError):
        return str(failure).strip().splitlines()[0].rstrip(".")
    if isinstance(failure, OperationalError) or type(failure) is DatabaseError:
        return str(failure.orig).strip().splitlines()[0].rstrip(".")
    return None


def is_no_database(failure: BaseException) -> bool:
    """Whether the file is of another kind, or damaged: no later attempt finds it otherwise."""
    return _sqlite_name(failure) in _LASTING


def is_for_now(failure: BaseException) -> bool:
    """Whether the same may succeed a moment later: the database is held by others, away, or short of something."""
    if isinstance(failure, TooSlowError | PoolTimeoutError):
        return True
    if isinstance(failure, DBAPIError) and failure.connection_invalidated:
        return True
    return isinstance(failure, OperationalError) and _sqlite_name(failure) not in _LASTING | _OF_OURS


def _sqlite_name(failure: BaseException) -> str | None:
    return getattr(getattr(failure, "orig", None), "sqlite_errorname", None)
