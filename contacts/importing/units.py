"""Units: homes whose unit a row does not name, so that no two families become one because of an empty cell."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from contacts.columns.fields import Field
from contacts.files.sheets import Spot
from contacts.importing.import_report import WithoutUnit
from contacts.importing.register import Register
from contacts.people.households import unit_wanted
from contacts.places import spoken_building
from contacts.profiles import Address
from contacts.rows.entries import ResidentEntry
from core.errors import UserError
from core.i18n import InWords, Language


@dataclass(frozen=True)
class Settled:
    """Rows whose unit is clear, those that have to be asked about, each with why, and those taken without a unit in
    a building that has some."""

    clear: Sequence[ResidentEntry]
    unclear: Sequence[tuple[ResidentEntry, UserError]]
    without: Sequence[WithoutUnit]


def settled(register: Register, entries: Sequence[ResidentEntry]) -> Settled:
    """Gives those who are known the unit that they have, where their row says nothing of it.

    Of others it is asked where the building has units, in the file or in the register, and several rows lack one: then
    it was written once for all of them, and room 301 of every unit would become one home. A single row is somebody who
    lives there, and is named. The word for nothing (无) says that there is no unit.
    """
    written = {entry.address.building: entry.row for entry in reversed(entries) if entry.address.unit}
    with_units = written.keys() | {address.building for address in register.homes.known if address.unit}
    known = _units_known(register)
    clear: list[ResidentEntry] = []
    open_: list[ResidentEntry] = []
    unclear: list[ResidentEntry] = []
    for entry in entries:
        address = entry.address
        units = known.get(_who(entry.name, address), frozenset()) | _by_phone(register, entry)
        if entry.unit_told or (entry.name, address) in register.by_home:
            clear.append(entry)
        elif len(units) == 1:
            clear.append(replace(entry, address=replace(address, unit=next(iter(units)))))
        elif units:
            unclear.append(entry)
        else:
            (open_ if address.building in with_units else clear).append(entry)
    several = Counter(entry.address.building for entry in [*open_, *unclear])
    alone = [entry for entry in open_ if several[entry.address.building] == 1]
    unclear += [entry for entry in open_ if several[entry.address.building] > 1]
    return Settled(
        sorted([*clear, *alone], key=lambda entry: entry.row),
        [(entry, _unclear(entry.address.building, written.get(entry.address.building))) for entry in unclear],
        [WithoutUnit(entry.row, entry.name, _said(entry.address.building)) for entry in alone],
    )


def _who(name: str, address: Address) -> tuple[str, str, str]:
    return name, address.building, address.room


def _units_known(register: Register) -> Mapping[tuple[str, str, str], frozenset[str]]:
    """In which units people of a name live, by name, building and room."""
    found: defaultdict[tuple[str, str, str], frozenset[str]] = defaultdict(frozenset)
    for name, address in register.by_home:
        if address.unit:
            found[_who(name, address)] |= {address.unit}
    return found


def _by_phone(register: Register, entry: ResidentEntry) -> frozenset[str]:
    """The unit of whoever has this name and telephone, where they live in this building and room."""
    resident_id = register.by_phone.get((entry.name, entry.numbers[0]))
    _, address = register.home_of[resident_id] if resident_id else ("", None)
    same = address is not None and _who(entry.name, address) == _who(entry.name, entry.address)
    return frozenset({address.unit}) if address is not None and same and address.unit else frozenset()


def _unclear(building: str, row: Spot | None) -> UserError:
    if row is None:
        return unit_wanted(building)
    return UserError("No unit is written here, although row {row} names one of {building}.",
                     way_out="Write the unit into every row, or 无 (none) if this home has none.", field=Field.UNIT,
                     value="", building=_said(building), row=row.words)  # fmt: skip


def _said(building: str) -> InWords:
    return InWords(spoken_building(Language.CHINESE, building), spoken_building(Language.ENGLISH, building))
