"""Responder rows: what one row of a list of responders says, checked before anything is stored."""

from contacts import cells, names
from contacts.columns import Field
from contacts.entries import ResponderEntry
from contacts.responsibilities import areas_named
from contacts.row_reader import RowReader


def responder_entry(reader: RowReader) -> ResponderEntry | None:
    """The responder of a row; None where the reader has found problems."""
    reader.refuse_unclosed()
    reader.required(Field.NAME)
    name = reader.read(Field.NAME, names.one_person)
    reader.required(Field.ROLE)
    reader.required(Field.PHONE)
    role, numbers = reader.read(Field.ROLE, cells.role), reader.read(Field.PHONE, reader.phones) or ()
    reader.say_first_only(numbers)
    language = reader.read(Field.LANGUAGE, cells.language)
    pin = reader.read(Field.PIN, cells.pin)
    areas = reader.read(Field.AREA, areas_named)
    if reader.problems or role is None or name is None or not numbers:
        return None
    return ResponderEntry(
        row=reader.row.spot,
        name=name,
        role=role,
        areas=() if areas is None and reader.text(Field.AREA) == "" else areas,
        number=numbers[0],
        language=language,
        email=reader.text(Field.EMAIL),
        chat_address=reader.text(Field.CHAT_ADDRESS),
        pin=pin,
    )
