"""What is kept about one person, for them to read: a document of parts, each with what it is, and their recordings."""

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import LargeBinary, inspect
from sqlalchemy.orm import Session

from campaigns.models import CheckIn
from campaigns.privacy.holdings import HOLDINGS, Holding
from campaigns.privacy.persons import Person, person
from campaigns.queries.keeping import personal
from contacts import queries as contacts
from contacts.models import Household, Resident
from contacts.profiles import address_of
from core import clock
from core.actors import Actor
from core.errors import NotFoundError
from core.i18n import Language, translate
from core.running import events
from core.short_ids import short
from core.storage.database import Base
from ivr.models import Call, CallTurn, RecordedPrompt, Recording

DOCUMENT = "data.json"
ABOUT = (
    "Everything that this service keeps about {name}. Each part says what it is; instants are UTC, telephones as they"
    " are dialled from abroad. The sounds are in the folder recordings."
)


@dataclass(frozen=True)
class Exported:
    """The ``document`` (JSON's own values), and sounds (WAV) by their names in the archive."""

    document: Mapping[str, Any]
    sounds: Mapping[str, bytes] = field(default_factory=dict)

    def archive(self) -> bytes:
        """A ZIP file with ``data.json`` and the sounds."""
        written = io.BytesIO()
        with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(DOCUMENT, json.dumps(self.document, ensure_ascii=False, indent=2))
            for name, sound in self.sounds.items():
                archive.writestr(name, sound)
        return written.getvalue()


def export(session: Session, actor: Actor, resident_id: UUID, language: Language) -> Exported:
    """Everything that is kept about a resident and those who are one with them; that it was asked for is noted.

    Nothing of other people is in it but what belongs to the file: relatives, and who spoke for them. Raises
    ``NotFoundError``, also for somebody of whom nothing is known any more.
    """
    known = session.get(Resident, resident_id)
    if known is None:
        raise NotFoundError("There is no resident {value}.", field="resident", value=short(resident_id))
    if known.erased_at is not None:
        raise NotFoundError("What was known of {value} has been erased for good.", field="resident",
                            way_out="There is nothing to export.", value=short(resident_id))  # fmt: skip
    who = person(session, resident_id)
    sounds: dict[str, bytes] = {}
    parts = [_part(session, who, each, language, sounds) for each in reversed(HOLDINGS)]
    events.append(session, actor, "resident.exported", resident_id)
    return Exported({"about": translate(language, ABOUT, name=known.name), "made_at": clock.now().isoformat(),
                     "resident_id": str(resident_id), "parts": parts}, sounds)  # fmt: skip


def _part(
    session: Session, who: Person, holding: Holding, language: Language, sounds: dict[str, bytes]
) -> dict[str, Any]:
    rows = holding.find(session, who)
    shown = _of_theirs_alone(session, who, rows) if holding.table in (Call, CallTurn) else rows
    entries = [_entry(row, holding) | _more(session, row, sounds) for row in shown]
    return {"part": holding.name, "about": translate(language, f"part:{holding.name}"), "entries": entries}


def _of_theirs_alone(session: Session, who: Person, rows: Sequence[Any]) -> list[Any]:
    """Calls with them, and not with a helper or a neighbour; what was said in one with several is not theirs alone."""
    of = {row: row.id if isinstance(row, Call) else row.call_id for row in rows}
    theirs = personal.calls_with(session, who.ids, who.numbers, set(of.values()) - who.mentions)
    shared = personal.calls_shared(session, who.ids, theirs)
    return [row for row, call_id in of.items()
            if call_id in theirs and not (isinstance(row, CallTurn) and call_id in shared)]  # fmt: skip


def _entry(row: Base, holding: Holding) -> dict[str, Any]:
    told = {}
    for attribute in inspect(type(row)).column_attrs:
        if attribute.key not in holding.hides and not isinstance(attribute.columns[0].type, LargeBinary):
            told[attribute.key] = _plain(getattr(row, attribute.key))
    return told


def _more(session: Session, row: Base, sounds: dict[str, bytes]) -> dict[str, Any]:
    """What makes an entry readable, or where its sound is."""
    if isinstance(row, Household):
        address = address_of(row, contacts.areas(session, row.community_id))
        return {"building": address.building, "unit": address.unit}
    if isinstance(row, CheckIn):
        return {"campaign": row.round.campaign.name, "due_at": _plain(row.round.occurrence)}
    if isinstance(row, Recording | RecordedPrompt) and row.sound:
        sounds[name := f"recordings/{row.id}.wav"] = row.sound
        return {"file": name}
    return {}


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
