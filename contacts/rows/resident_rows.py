"""Resident rows: what one row of a list of residents says, checked before anything is stored."""

from functools import partial

from contacts import name_readings
from contacts.columns import vocabulary
from contacts.columns.columns import REPEATED, Field
from contacts.rows import cells, names, status_cells
from contacts.rows.entries import ResidentEntry
from contacts.rows.home_cells import home, tells_unit, way_in
from contacts.rows.relative_cells import relatives
from contacts.rows.row_reader import RowReader


def resident_entry(reader: RowReader) -> ResidentEntry | None:
    """The resident of a row; None where the reader has found problems."""
    reader.refuse_unclosed()
    reader.required(Field.NAME)
    name = reader.read(Field.NAME, names.one_person) or ""
    if not reader.text(Field.SECOND_PHONE):
        reader.required(Field.PHONE)
    numbers = (reader.read(Field.PHONE, reader.phones) or ()) + (reader.read(Field.SECOND_PHONE, reader.phones) or ())
    flags = reader.text(Field.FLAGS)
    age = reader.read(Field.AGE, cells.age)
    address = home(reader)
    entry = ResidentEntry(
        row=reader.row.spot,
        name=name,
        called=reader.text(Field.CALLED),
        reading=reader.read(Field.READING, partial(name_readings.reading, name=name)),
        numbers=tuple(dict.fromkeys(numbers)),
        address=address,
        unit_told=tells_unit(reader, address),
        birth_year=reader.read(Field.BIRTH_YEAR, cells.birth_year) or age,
        flags=None if flags is None else vocabulary.flags(flags),
        language=reader.read(Field.LANGUAGE, cells.language),
        pace=reader.read(Field.PACE, cells.pace),
        voice=reader.read(Field.VOICE, cells.voice),
        call_time=reader.read(Field.CALL_TIME, cells.time_of_day),
        relatives=relatives(reader),
        all_relatives=not any(column.field in REPEATED for column in reader.doubtful),
        way_in=way_in(reader),
        consent=reader.consent(),
        notes=reader.text(Field.NOTES),
        grid=status_cells.grid(reader),
        phone_states=status_cells.phone_states(reader),
        away=status_cells.away(reader),
        health=reader.text(Field.HEALTH) or None,
        columns=reader.columns,
    )
    return None if reader.problems or not entry.numbers else entry
