"""Relative cells: whom a row of residents names as relatives, with their telephones and relations."""

import re
from collections.abc import Sequence
from functools import partial

from contacts.columns import relations
from contacts.columns.columns import REPEATED, Column, Field
from contacts.rows import cells, names
from contacts.rows.entries import RelativeEntry
from contacts.rows.phone_remarks import RemarkError, remarked
from contacts.rows.row_reader import RowReader
from core.errors import UserError


def relatives(reader: RowReader) -> tuple[RelativeEntry, ...] | None:
    """The relatives of a row, each number once; None where the file has no columns for them."""
    numbers = {column.number for column in reader.layout.places if column.field in REPEATED[:2]}
    if not numbers:
        return None
    found: dict[str, RelativeEntry] = {}
    for number in sorted(numbers):
        for relative in _relatives_numbered(reader, number):
            if relative.number in found:
                again = UserError(
                    "“{value}” is written for two relatives.",
                    way_out="Keep one of them.",
                    field=Field.RELATIVE_PHONE,
                    value=reader.text(Field.RELATIVE_PHONE, number),
                )
                reader.refuse(Field.RELATIVE_PHONE, number, again)
            else:
                found[relative.number] = relative
    return tuple(found.values())


def _relatives_numbered(reader: RowReader, number: int) -> list[RelativeEntry]:
    """The relatives of these columns, one for each of their numbers; nobody where a cell of theirs is wrong."""
    if not reader.text(Field.RELATIVE_NAME, number) and not reader.text(Field.RELATIVE_PHONE, number):
        return []
    reader.required(Field.RELATIVE_PHONE, number)
    told = reader.read(Field.RELATIVE_PHONE, partial(_numbers, reader), number) or ()
    relation = reader.text(Field.RELATIVE_RELATION, number) or reader.layout.relations.get(number)
    known = [(phone, beside or relation or reader.text(Field.RELATIVE_RELATION, number)) for phone, beside in told]
    called = _names(reader, number, [who or "" for _, who in known])
    wants = reader.read(Field.RELATIVE_WANTS, cells.wants, number)
    email = _email(reader, number)
    return [RelativeEntry(name, phone, who, wants, email) for name, (phone, who) in zip(called, known, strict=False)]


def _email(reader: RowReader, number: int) -> str | None:
    """Where a relative is written to, empty where nothing is written; None where nobody can tell."""
    found = reader.read(Field.RELATIVE_EMAIL, cells.email, number)
    return "" if found is None and reader.text(Field.RELATIVE_EMAIL, number) == "" else found


def _numbers(reader: RowReader, text: str) -> tuple[tuple[str, str], ...]:
    """The numbers in a cell, each once, with the relation that is written beside it; raises ``PhoneError``."""
    found: dict[str, str] = {}
    parts = remarked(text)
    for part in parts:
        beside = "" if not part.remark or relations.is_own(part.remark) else relations.relation(part.remark)
        if beside is None:
            raise RemarkError(text)
        found.setdefault(reader.phone(part.number), beside)
    return tuple(found.items()) if parts else tuple((number, "") for number in reader.phones(text))


def _names(reader: RowReader, number: int, who: Sequence[str]) -> Sequence[str | None]:
    """What these relatives are called, of whom the relation is known where it is not empty; None where no name is
    written, and nobody at all where that is a mistake."""
    written = names.tidy(reader.text(Field.RELATIVE_NAME, number) or "")
    if Column(Field.RELATIVE_NAME, number) in reader.doubtful:
        return []
    if not written and (all(who) or Column(Field.RELATIVE_NAME, number) not in reader.layout.places):
        return [None] * len(who)
    if not written:
        reader.required(Field.RELATIVE_NAME, number)
        return []
    if len(set(who)) < 2:
        return [written] * len(who)
    each = [part for part in re.split("[、,，;；/]", written) if part]
    if len(each) == len(who):
        return each
    error = UserError(
        "It is not clear which of these numbers is whose.",
        way_out="Write each relative into columns of their own.",
        field=Field.RELATIVE_PHONE,
        value=written,
    )
    reader.refuse(Field.RELATIVE_PHONE, number, error)
    return []
