"""Reads that several parts of one unit of work need: each is asked once, and again only after what it read was changed.

Only for what rarely changes (people, places, lines) and for values that nobody alters. Of what others have committed
since then nothing is seen, as if all of them had asked at the first one's instant. Never for a statement that holds
rows, nor for what is to be known as it stands once a lock was taken; a statement of text, as that of ``alone``, has
everything asked anew.
"""

from collections.abc import Callable, Hashable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Delete, Insert, Table, Update, event, inspect
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction, UOWTransaction

_KEY = "read_once"
_P = ParamSpec("_P")
_R = TypeVar("_R")
_Kept = dict[Hashable, tuple[frozenset[str], Any]]


def read_once(
    *tables: str,
) -> Callable[[Callable[Concatenate[Session, _P], _R]], Callable[Concatenate[Session, _P], _R]]:
    """For a query whose result depends on these ``tables`` and on its arguments alone, which can be hashed.

    What the session has not written yet is written first, as it would be for a statement. The result is dropped once
    the session writes to one of the tables, or rolls back to a savepoint. A query that raises is asked again.
    """
    read = frozenset(tables)

    def once(query: Callable[Concatenate[Session, _P], _R]) -> Callable[Concatenate[Session, _P], _R]:
        @wraps(query)
        def asked(session: Session, /, *args: _P.args, **kwargs: _P.kwargs) -> _R:
            kept = _kept(session)
            asked_for = (query, args, tuple(sorted(kwargs.items())))
            if kept and session.autoflush:
                session.flush()
            if asked_for not in kept:
                kept[asked_for] = read, query(session, *args, **kwargs)
            result: _R = kept[asked_for][1]
            return result

        return asked

    return once


def _kept(session: Session) -> _Kept:
    """What this session has read; from the first time on it is watched, which all others are spared."""
    if _KEY not in session.info:
        session.info[_KEY] = {}
        event.listen(session, "after_flush", _flushed)
        event.listen(session, "do_orm_execute", _executed)
        event.listen(session, "after_soft_rollback", _rolled_back)
    kept: _Kept = session.info[_KEY]
    return kept


def _flushed(session: Session, _: UOWTransaction) -> None:
    for each in (*session.new, *session.dirty, *session.deleted):
        _drop(session, {table.name for table in inspect(each).mapper.tables})


def _executed(state: ORMExecuteState) -> None:
    if state.is_select:
        return
    written = state.statement.table if isinstance(state.statement, Insert | Update | Delete) else None
    if isinstance(written, Table):
        _drop(state.session, {written.name})
    else:
        _kept(state.session).clear()


def _rolled_back(session: Session, _: SessionTransaction) -> None:
    _kept(session).clear()


def _drop(session: Session, written: set[str]) -> None:
    kept: _Kept = session.info[_KEY]
    for asked_for in [each for each, (read, _) in kept.items() if not read.isdisjoint(written)]:
        del kept[asked_for]
