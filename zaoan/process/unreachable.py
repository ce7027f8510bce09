"""Why a database does not work: what an operator can mend, told from what only we can."""

from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from core.storage.database import TooSlowError

NO_ADDRESS = "only sqlite:///… and postgresql+psycopg://… are understood"


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
    original = getattr(failure, "orig", None)
    return getattr(original, "sqlite_errorname", None) in {"SQLITE_NOTADB", "SQLITE_CORRUPT"}
