"""Home cells: where a resident of a row lives, from columns of their own or a whole address, and how one gets in."""

import re

from contacts import places
from contacts.columns.columns import Column, Field
from contacts.profiles import Address, WayIn
from contacts.rows.addresses import address
from contacts.rows.row_reader import RowReader
from core.errors import UserError
from core.i18n import Language

_PARTS = (Field.BUILDING, Field.UNIT, Field.ROOM)
_UNIT = "单元"
_SIMPLE = re.compile("[0-9A-Z]{1,4}")
"""Buildings that are a number or a letter; others have names of their own."""


def home(reader: RowReader) -> Address:
    """The home of a row; what the reader refuses is empty in it.

    Columns for building, unit and room go first; a whole address fills what they leave open, and is asked about where
    it says something else.
    """
    own = _own(reader)
    if Column(Field.ADDRESS) not in reader.layout.places or (own.building and own.room):
        return _agreeing(reader, own) if own.building and own.room else _required(reader, own)
    if not reader.text(Field.ADDRESS):
        has_columns = {Column(Field.BUILDING), Column(Field.ROOM)} <= reader.layout.places.keys()
        if has_columns:
            return _required(reader, own)
        reader.refuse_empty(Field.ADDRESS)
        return own
    whole = reader.read(Field.ADDRESS, lambda text: _whole(reader, own, text))
    if whole and not _contradict(own, whole):
        return whole
    if whole:
        reader.refuse(Field.ADDRESS, 1, _contradiction(Field.ADDRESS, reader.text(Field.ADDRESS) or ""))
    return own


def tells_unit(reader: RowReader, found: Address) -> bool:
    """Whether the row says which unit it is, or that there is none."""
    return bool(found.unit or reader.layout.text(reader.row, Column(Field.UNIT)))


def way_in(reader: RowReader) -> WayIn:
    """How one gets into the home of a row, and who has a key to it."""
    holder, number = reader.text(Field.KEY_HOLDER), reader.read(Field.KEY_HOLDER_PHONE, reader.phone)
    if number is None and reader.text(Field.KEY_HOLDER_PHONE) == "":
        number = ""
    return WayIn(reader.text(Field.ACCESS_NOTES), None if holder is None else " ".join(holder.split()), number)


def stated(building: str, unit: str, room: str) -> Address:
    """The home that these parts name, also where one of them says more than its own: 3号楼2单元 as a building.

    Empty where nothing is written. Raises ``UserError`` where they contradict each other.
    """
    own = Address(places.building_name(building), places.unit_name(unit), places.room_name(room))
    whole = _joined(building, room) if _UNIT in building + room and building and room else None
    if whole is None:
        return own
    of_columns = Address(own.building if _SIMPLE.fullmatch(own.building) else "", own.unit, "")
    if _contradict(of_columns, whole):
        raise _contradiction(Field.ROOM, room)
    return whole


def _own(reader: RowReader) -> Address:
    """The home that the columns name."""
    building, unit, room = (reader.text(field) or "" for field in _PARTS)
    try:
        return stated(building, unit, room)
    except UserError as error:
        reader.refuse(Field.ROOM, 1, error)
        return Address(places.building_name(building), places.unit_name(unit), places.room_name(room))


def _joined(building: str, room: str) -> Address | None:
    """The home of a room's cell that names its unit, or of both cells; None where they are names of their own."""
    name = places.building_name(building)
    written = places.spoken_building(Language.CHINESE, name) if _SIMPLE.fullmatch(name) else building
    for text in (room, written + room):
        try:
            whole = address(text, "")
        except UserError:
            continue
        if _SIMPLE.fullmatch(whole.building):
            return whole
    return None


def _required(reader: RowReader, own: Address) -> Address:
    for field, text in ((Field.BUILDING, own.building), (Field.ROOM, own.room)):
        if not text:
            reader.refuse_empty(field)
    return own


def _agreeing(reader: RowReader, own: Address) -> Address:
    """The home of the columns, with the unit of the address where only that says it."""
    text = reader.text(Field.ADDRESS) if Column(Field.ADDRESS) in reader.layout.places else None
    try:
        whole = _whole(reader, own, text) if text else None
    except UserError:
        return own
    if whole is None or not _contradict(own, whole):
        return whole or own
    reader.ask(Field.ADDRESS, _contradiction(Field.ADDRESS, reader.text(Field.ADDRESS) or ""))
    return own


def _whole(reader: RowReader, own: Address, text: str) -> Address:
    """The home that an address names, perhaps with the building from its own column; raises ``UserError``."""
    try:
        return address(text, reader.community.name)
    except UserError:
        if not own.building:
            raise
        return address(f"{places.spoken_building(Language.CHINESE, own.building)}{text}", "")


def _contradict(own: Address, whole: Address) -> bool:
    pairs = ((own.building, whole.building), (own.unit, whole.unit), (own.room, whole.room))
    return any(column and column != said for column, said in pairs)


def _contradiction(field: Field, text: str) -> UserError:
    return UserError(
        "“{value}” is another home than the one in the columns for building, unit and room.",
        way_out="Write the same into both, or delete one of them.",
        field=field,
        value=text,
    )
