"""Relative cells: whom a row of residents names as relatives, with their telephones and relations."""

from contacts import cells, names
from contacts.columns import REPEATED, Field
from contacts.entries import RelativeEntry
from contacts.row_reader import RowReader
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
    """The relative of these columns, once for each of their numbers; nobody where a cell of theirs is wrong."""
    if not reader.text(Field.RELATIVE_NAME, number) and not reader.text(Field.RELATIVE_PHONE, number):
        return []
    name = names.tidy(reader.required(Field.RELATIVE_NAME, number))
    reader.required(Field.RELATIVE_PHONE, number)
    numbers = reader.read(Field.RELATIVE_PHONE, reader.phones, number) or ()
    wants = reader.read(Field.RELATIVE_WANTS, cells.wants, number)
    relation = reader.text(Field.RELATIVE_RELATION, number)
    return [RelativeEntry(name, phone, relation, wants) for phone in numbers] if name else []
