"""Status cells: how a resident and their telephones stand, and in which grid they live; each may be left empty."""

import unicodedata
from collections.abc import Mapping
from datetime import date
from functools import partial
from zoneinfo import ZoneInfo

from contacts import days
from contacts.columns.columns import Field
from contacts.models import PhoneState
from contacts.rows import cells
from contacts.rows.entries import Away
from contacts.rows.row_reader import RowReader
from core import clock
from core.errors import UserError

_STATES = {Field.PHONE_STATE: Field.PHONE, Field.SECOND_PHONE_STATE: Field.SECOND_PHONE}


def grid(reader: RowReader) -> str | None:
    """The grid in which the building of a row lies."""
    text = reader.text(Field.GRID)
    return " ".join(unicodedata.normalize("NFKC", text).split()) if text else None


def phone_states(reader: RowReader) -> Mapping[str, PhoneState]:
    """Whether the telephones of a row may be rung, by number (E.164); a state must have one number beside it."""
    found = {}
    for field, beside in _STATES.items():
        state = reader.read(field, partial(cells.phone_state, name=field))
        if state is None:
            continue
        numbers = reader.read(beside, reader.phones) or ()
        if len(numbers) == 1:
            found[numbers[0]] = state
        else:
            reader.refuse(field, 1, _no_single_number(field, reader.text(field) or ""))
    return found


def away(reader: RowReader) -> Away | None:
    """The days on which the resident of a row is not to be rung; without a first one they begin today."""
    first = reader.read(Field.PAUSED_FROM, partial(days.dated, field=Field.PAUSED_FROM))
    last = reader.read(Field.PAUSED_UNTIL, partial(days.dated, field=Field.PAUSED_UNTIL))
    reason = reader.text(Field.PAUSE_REASON) or ""
    today = clock.now().astimezone(ZoneInfo(reader.community.timezone)).date()
    if any(reader.text(each) and found is None for each, found in
           ((Field.PAUSED_FROM, first), (Field.PAUSED_UNTIL, last))):  # fmt: skip
        return None
    if first is None and last is None:
        if reason:
            reader.ask(Field.PAUSE_REASON, _no_days(reason))
        return None
    if wrong := _wrong_end(first or today, last, today):
        reader.refuse(Field.PAUSED_UNTIL, 1, wrong)
        return None
    return Away(first or today, last, reason)


def _wrong_end(first: date, last: date | None, today: date) -> UserError | None:
    if last is None:
        return None
    if last < today:
        return UserError("This pause was over on {value}, so it was left out.", way_out="Delete it from the list.",
                         field=Field.PAUSED_UNTIL, value=last)  # fmt: skip
    if last < first:
        return UserError("The pause ends on {value}, before it begins.", way_out="Choose a later last day.",
                         field=Field.PAUSED_UNTIL, value=last)  # fmt: skip
    return None


def _no_days(reason: str) -> UserError:
    return UserError("Nothing says from when they are away.",
                     way_out="Write the first day into 暂停起 (paused from), for example 2026-12-05.",
                     field=Field.PAUSE_REASON, value=reason)  # fmt: skip


def _no_single_number(field: Field, text: str) -> UserError:
    return UserError("“{value}” does not belong to one number.",
                     way_out="Write each number into a column of its own, with its state beside it.", field=field,
                     value=text)  # fmt: skip
