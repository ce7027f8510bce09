"""Responder rows: what one row of a list of responders says, checked before anything is stored."""

from collections.abc import Callable, Sequence

from contacts.columns import ability_words
from contacts.columns.columns import Field
from contacts.rows import cells, names
from contacts.rows.entries import ResponderEntry
from contacts.rows.responsibilities import areas_named
from contacts.rows.row_reader import RowReader

_MOST_NUMBERS = 2


def responder_entry(reader: RowReader) -> ResponderEntry | None:
    """The responder of a row; None where the reader has found problems."""
    reader.refuse_unclosed()
    reader.required(Field.NAME)
    name = reader.read(Field.NAME, names.one_person)
    reader.required(Field.ROLE)
    if not reader.text(Field.SECOND_PHONE):
        reader.required(Field.PHONE)
    role, numbers = reader.read(Field.ROLE, cells.role), _numbers(reader)
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
        second_number=_second(reader, numbers),
        language=language,
        email=reader.text(Field.EMAIL),
        chat_address=reader.text(Field.CHAT_ADDRESS),
        pin=pin,
        languages=_several(reader, Field.LANGUAGES, ability_words.spoken),
        skills=_several(reader, Field.SKILLS, ability_words.skills),
    )


def _several(reader: RowReader, field: Field, reading: Callable[[str], tuple[str, ...]]) -> tuple[str, ...] | None:
    """What a cell lists, nothing where it was emptied; None where the file does not say, or not in our words."""
    return () if reader.text(field) == "" else reader.read(field, reading)


def _numbers(reader: RowReader) -> Sequence[str]:
    """Their telephones, each once, of which two are kept; says of more that they are not."""
    read = [
        number for column in (Field.PHONE, Field.SECOND_PHONE) for number in reader.read(column, reader.phones) or ()
    ]
    numbers = list(dict.fromkeys(read))
    reader.say_left_out(numbers[_MOST_NUMBERS:])
    return numbers[:_MOST_NUMBERS]


def _second(reader: RowReader, numbers: Sequence[str]) -> str | None:
    """The second of their telephones, empty where the row says that there is none, None where it does not say."""
    if len(numbers) == _MOST_NUMBERS:
        return numbers[1]
    return "" if reader.text(Field.SECOND_PHONE) == "" else None
