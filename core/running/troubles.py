"""Troubles on record: what keeps the service from its usual work though it goes on, told alike wherever people look.

Whoever notices one notes it; it is over when that is said, or when nobody has noticed it again in time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import JSON, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import actors, clock
from core.i18n import Language, translate
from core.running import events
from core.storage.database import Base
from core.storage.upserts import insert_into


class Kind(StrEnum):
    """What is wrong; the words of each are in ``WORDS``."""

    VOICE = "voice"
    NEURAL_VOICE = "neural_voice"
    PROVIDER_SILENT = "provider_silent"
    PROVIDER_REFUSES = "provider_refuses"
    WEBHOOKS_SILENT = "webhooks_silent"
    CLOCK_APART = "clock_apart"
    CLOCK_SET_BACK = "clock_set_back"
    DATABASE_OLD = "database_old"
    RECEIVER_SILENT = "receiver_silent"


@dataclass(frozen=True)
class Words:
    """What is said of a trouble and the way out, catalogue keys with ``{since}`` and the trouble's own gaps."""

    said: str
    way_out: str


WORDS: Mapping[Kind, Words] = {
    Kind.VOICE: Words(
        "Our own voice has been silent since {since}: {reason}. The provider's voice speaks instead.",
        "Restart the service; if that does not help, install Zao'an again. Calls go on meanwhile.",
    ),
    Kind.NEURAL_VOICE: Words(
        "The neural voice has been silent since {since}: {reason}. Our simpler voice (pyttsx3) speaks instead.",
        "`zaoan doctor` tries it. Restart the service; if that does not help, install Zao'an again, or set"
        " ZAOAN_VOICE=pyttsx3. Calls go on meanwhile.",
    ),
    Kind.PROVIDER_SILENT: Words(
        "The telephone provider has not answered since {since}: {reason}. Nobody can be rung.",
        "Look at this machine's way to the internet and at the provider's own status page. What waits is rung by itself"
        " as soon as it answers.",
    ),
    Kind.PROVIDER_REFUSES: Words(
        "The telephone provider answers, and has refused every call of ours since {since}: {reason}. Rounds wait.",
        "Look at the account with the provider: whether it is paid, its limits, its caller numbers. What waits is rung"
        " by itself as soon as a call is taken.",
    ),
    Kind.WEBHOOKS_SILENT: Words(
        "Calls are under way, and the telephone provider has told us nothing of them since {since}: no key that is"
        " pressed reaches us.",
        "Look whether our public address ({url}) is reached from outside; `zaoan doctor` tries it.",
    ),
    Kind.CLOCK_APART: Words(
        "The clock of this machine and the telephone provider's are {minutes} minutes apart (seen {since}): people may"
        " be rung at a wrong hour or on a wrong day.",
        "Let this machine keep its time by NTP (timedatectl set-ntp true).",
    ),
    Kind.CLOCK_SET_BACK: Words(
        "The clock of this machine had run ahead by {minutes} minutes and was set back ({since}); rounds that began"
        " meanwhile, for a time that had not come: {rounds}.",
        "Look at these rounds (`zaoan round list`): who was rung in them was rung at a wrong time. Let this machine"
        " keep its time by NTP (timedatectl set-ntp true).",
    ),
    Kind.DATABASE_OLD: Words(
        "The telephone provider knows of {count} calls after the newest of this database, the first at {first}: the"
        " database is older than that, perhaps a backup that was restored.",
        "Restore a newer backup if there is one. Otherwise look these calls up with the provider: what was said in them"
        " is not known here, and who was rung may be rung again.",
    ),
    Kind.RECEIVER_SILENT: Words(
        "{receiver} has not been told what has happened here since {since}: {count} deliveries were given up, each"
        " after three days.",
        "Ask whoever runs it why it takes none (`zaoan webhook deliveries`), or end it (`zaoan webhook revoke`)."
        " Calls and cases go on as usual.",
    ),
}


class Trouble(Base):
    """One trouble; ``since`` and ``until`` are real time, ``gaps`` fill the gaps of its words."""

    __tablename__ = "troubles"

    name: Mapped[Kind] = mapped_column(primary_key=True)
    since: Mapped[datetime]
    until: Mapped[datetime]
    gaps: Mapped[dict[str, Any]] = mapped_column(JSON)


@dataclass(frozen=True)
class Noted:
    """A trouble that there is since then (real time), and what fills the gaps of its words."""

    kind: Kind
    since: datetime
    gaps: tuple[tuple[str, object], ...]

    def said(self, language: Language, zone: ZoneInfo) -> str:
        """What is wrong, in the times of ``zone``."""
        return translate(language, WORDS[self.kind].said, **self.in_times_of(zone))

    def way_out(self, language: Language, zone: ZoneInfo) -> str:
        """How to mend it."""
        return translate(language, WORDS[self.kind].way_out, **self.in_times_of(zone))

    def in_times_of(self, zone: ZoneInfo) -> dict[str, object]:
        """The gaps, every instant in the time of ``zone``."""
        return {name: _local(value, zone) for name, value in self.gaps} | {"since": _shown(self.since, zone)}


def note(session: Session, kind: Kind, keep: timedelta, since: datetime | None = None, **gaps: object) -> None:
    """The trouble is there (``since`` then, otherwise now); it is forgotten unless it is noted again within ``keep``.

    Instants among ``gaps`` are told in local time.
    """
    real_now = clock.real_now()
    before = session.get(Trouble, kind, populate_existing=True)
    if before is not None and before.until < real_now:
        session.delete(before)
        session.flush()
        before = None
    written = {name: at.isoformat() if isinstance(at, datetime) else at for name, at in gaps.items()}
    row = {"name": kind, "since": since or real_now, "until": real_now + keep, "gaps": written}
    values = insert_into(session, Trouble).values(row)
    new = {"until": values.excluded.until, "gaps": values.excluded.gaps}
    session.execute(values.on_conflict_do_update(index_elements=[Trouble.name], set_=new))
    if before is None:
        events.append(session, actors.system(), "trouble.noticed", None, trouble=kind)


def is_there(session: Session, kind: Kind) -> bool:
    """Whether the trouble is on record now."""
    known_since = session.get(Trouble, kind, populate_existing=True)
    return known_since is not None and known_since.until > clock.real_now()


def over(session: Session, kind: Kind) -> bool:
    """The trouble is over; False when there was none."""
    gone = session.execute(delete(Trouble).where(Trouble.name == kind))
    if gone.rowcount:  # type: ignore[attr-defined]
        events.append(session, actors.system(), "trouble.over", None, trouble=kind)
    return bool(gone.rowcount)  # type: ignore[attr-defined]


def known(session: Session) -> Sequence[Noted]:
    """What is wrong now, the longest first."""
    there = select(Trouble).where(Trouble.until > clock.real_now()).order_by(Trouble.since, Trouble.name)
    return [Noted(each.name, each.since, tuple(sorted(each.gaps.items()))) for each in session.scalars(there)]


def _local(value: object, zone: ZoneInfo) -> object:
    try:
        return _shown(datetime.fromisoformat(value), zone) if isinstance(value, str) else value
    except ValueError:
        return value


def _shown(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M")
