"""Exporting: residents or responders as a spreadsheet that can be printed, mended and imported again."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from contacts import name_readings, phones, places, queries
from contacts.columns import ability_words, vocabulary
from contacts.columns.columns import REPEATED, Column, Field
from contacts.community.community import the_community
from contacts.files import spreadsheets
from contacts.models import Area, Community, OptOutSource, Pause, Phone, PhoneState, Relative, Resident, Responder
from contacts.people.consent import consents_in_force, opt_outs_in_force
from contacts.profiles import address_of, area_written, grid_of
from contacts.queries import register as queries_register
from core import clock
from core.i18n import Language
from core.storage.database import reading
from core.timbre import Timbre

_BEFORE_RELATIVES = (
    Field.NAME, Field.CALLED, Field.PHONE, Field.SECOND_PHONE, Field.BUILDING, Field.UNIT, Field.ROOM, Field.BIRTH_YEAR,
    Field.FLAGS, Field.LANGUAGE, Field.PACE, Field.VOICE, Field.READING, Field.CALL_TIME,
)  # fmt: skip
_RESPONDER = (
    Field.NAME, Field.ROLE, Field.AREA, Field.PHONE, Field.SECOND_PHONE, Field.LANGUAGE, Field.EMAIL,
    Field.CHAT_ADDRESS, Field.LANGUAGES, Field.SKILLS,
)  # fmt: skip
_AT_ONCE = 500
"""So many residents are held in full: of more, each would cost more."""
_AFTER_RELATIVES = (Field.ACCESS_NOTES, Field.KEY_HOLDER, Field.KEY_HOLDER_PHONE, Field.CONSENT,
                    Field.PHONE_STATE, Field.SECOND_PHONE_STATE, Field.GRID, Field.PAUSED_FROM,
                    Field.PAUSED_UNTIL, Field.PAUSE_REASON, Field.NOTES)  # fmt: skip


def export_residents(path: Path) -> int:
    """Writes all residents with Chinese headers to an xlsx or csv file; returns how many.

    Importing the file changes nothing. Notes of health are not in it. Raises ``UserError`` where it cannot be written.
    """
    with reading() as session:
        community = the_community(session)
        areas = queries.areas(session, community.id)
        columns = _columns(queries_register.most_relatives(session, community.id))
        turns = queries_register.residents_by_turns(session, community.id, _AT_ONCE)
        cells = [cell for some in turns for cell in _some(session, some, areas, community)]
    _write(path, columns, cells)
    return len(cells)


def export_responders(path: Path) -> int:
    """As ``export_residents``, of the responders. Nobody knows their PINs, which importing leaves as they are."""
    with reading() as session:
        community = the_community(session)
        areas = queries.areas(session, community.id)
        responders = queries.all_responders(session, community.id)
        cells = [_responder_cells(each, areas, community) for each in responders]
    _write(path, list(map(Column, _RESPONDER)), cells)
    return len(responders)


def _write(path: Path, columns: Sequence[Column], cells: Sequence[Mapping[Column, str]]) -> None:
    titles = [column.title(Language.CHINESE) for column in columns]
    spreadsheets.write(path, [titles, *([row.get(column, "") for column in columns] for row in cells)])


def _columns(most_relatives: int) -> Sequence[Column]:
    relatives = [Column(field, number) for number in range(1, max(1, most_relatives) + 1) for field in REPEATED]
    return [*map(Column, _BEFORE_RELATIVES), *relatives, *map(Column, _AFTER_RELATIVES)]


def _some(
    session: Session, residents: Sequence[Resident], areas: Mapping[UUID, Area], community: Community
) -> Sequence[Mapping[Column, str]]:
    today = clock.now().astimezone(ZoneInfo(community.timezone)).date()
    away = queries_register.next_pauses(session, [each.id for each in residents], today)
    return [_cells(each, areas, community) | _away_cells(away.get(each.id)) for each in residents]


def _cells(resident: Resident, areas: Mapping[UUID, Area], community: Community) -> dict[Column, str]:
    address = address_of(resident.household, areas)
    numbers = [phones.formatted(phone.number, community.region) for phone in resident.phones[:2]]
    agreed = [consent.statement for consent in consents_in_force(resident)]
    refused = [opt_out.how for opt_out in opt_outs_in_force(resident) if opt_out.source == OptOutSource.LIST]
    told = {
        Field.NAME: resident.name,
        Field.CALLED: resident.called,
        Field.READING: name_readings.marked(resident.reading),
        **dict(zip((Field.PHONE, Field.SECOND_PHONE), numbers, strict=False)),
        **dict(zip((Field.PHONE_STATE, Field.SECOND_PHONE_STATE), map(_state, resident.phones), strict=False)),
        Field.GRID: grid_of(resident.household, areas),
        Field.BUILDING: _written(address.building, places.spoken_building, places.building_name),
        Field.UNIT: _written(address.unit, places.spoken_unit, places.unit_name),
        Field.ROOM: address.room,
        Field.BIRTH_YEAR: str(resident.birth_year or ""),
        Field.FLAGS: vocabulary.flags_written([flag.flag for flag in resident.flags]),
        Field.LANGUAGE: vocabulary.chinese(vocabulary.LANGUAGES, resident.language),
        Field.PACE: str(resident.pace or ""),
        Field.VOICE: "" if resident.timbre == Timbre.USUAL else vocabulary.chinese(vocabulary.VOICES, resident.timbre),
        Field.CALL_TIME: resident.call_time.strftime("%H:%M") if resident.call_time else "",
        Field.ACCESS_NOTES: resident.household.access_notes,
        Field.KEY_HOLDER: resident.household.key_holder,
        Field.KEY_HOLDER_PHONE: _number(resident.household.key_holder_number, community),
        Field.CONSENT: (agreed or refused or [""])[-1],
        Field.NOTES: resident.notes,
    }
    cells = {Column(field): text for field, text in told.items()}
    for number, relative in enumerate(sorted(resident.relatives, key=lambda relative: relative.id), 1):
        cells |= _relative_cells(relative, number, community)
    return cells


def _state(phone: Phone) -> str:
    """Only what is known of one that may not be rung: an old list must not take back what staff have found out."""
    return "" if phone.state == PhoneState.GOOD else vocabulary.chinese(vocabulary.PHONE_STATES, phone.state)


def _away_cells(pause: Pause | None) -> dict[Column, str]:
    if pause is None:
        return {}
    last = pause.last_day.isoformat() if pause.last_day else ""
    told = {Field.PAUSED_FROM: pause.first_day.isoformat(), Field.PAUSED_UNTIL: last, Field.PAUSE_REASON: pause.reason}
    return {Column(field): text for field, text in told.items()}


def _responder_cells(responder: Responder, areas: Mapping[UUID, Area], community: Community) -> dict[Column, str]:
    told = (
        responder.name,
        vocabulary.chinese(vocabulary.ROLES, responder.role),
        "、".join(area_written(area, areas).chinese for area in responder.areas),
        phones.formatted(responder.number, community.region),
        _number(responder.second_number, community),
        vocabulary.chinese(vocabulary.LANGUAGES, responder.language),
        responder.email,
        responder.chat_address,
        "、".join(vocabulary.chinese(ability_words.SPOKEN, each) for each in responder.languages),
        "、".join(vocabulary.chinese(ability_words.SKILLS, each) for each in responder.skills),
    )
    return {Column(field): text for field, text in zip(_RESPONDER, told, strict=True)}


def _written(name: str, spoken: Callable[[str, str], str], read: Callable[[str], str]) -> str:
    """A building or unit as it is spoken, or bare where that would be read as another one."""
    said = spoken(Language.CHINESE, name)
    return said if read(said) == name else name


def _number(number: str | None, community: Community) -> str:
    return phones.formatted(number, community.region) if number else ""


def _relative_cells(relative: Relative, number: int, community: Community) -> dict[Column, str]:
    told = (
        relative.name,
        phones.formatted(relative.number, community.region),
        relative.relation,
        vocabulary.chinese(vocabulary.WANTS, relative.wants),
        relative.email,
    )
    return {Column(field, number): text for field, text in zip(REPEATED, told, strict=True)}
