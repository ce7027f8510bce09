"""Residents as JSON documents, and as the command line prints them."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from campaigns import audience
from campaigns.looking import remark_words
from campaigns.people.resident_file import standing
from contacts import ages, queries
from contacts.models import Community, Consent, OptOut, Phone, Resident
from contacts.people import absences
from contacts.people import consent as consenting
from contacts.people.absences import Days
from contacts.phones import kind_of
from contacts.places import spelled_place
from core import clock, settings
from escalation import queries as escalation


def resident_documents(session: Session, residents: Sequence[Resident]) -> list[dict[str, Any]]:
    """What is known of residents of one community; a fixed number of statements and one for each absence."""
    profiles = queries.resident_profiles(session, [each.id for each in residents])
    if not residents:
        return []
    today = absences.local_today(session, residents[0])
    away = queries.pauses_of_community(session, residents[0].community_id, today)
    community = session.get_one(Community, residents[0].community_id)
    campaigns = audience.campaigns_by_resident(session, audience.daily_campaigns(session), community, clock.now())
    return [
        {
            "id": str(each.id),
            "name": each.name,
            "called": each.called,
            "place": _place(profiles[each.id]),
            "telephones": list(profiles[each.id].numbers),
            "flags": list(profiles[each.id].flags),
            "agreed": each.removed_at is None and bool(consenting.consents_in_force(each)),
            "paused": [_days(Days(pause.first_day, pause.last_day, pause.reason)) for pause in away.get(each.id, ())],
            "campaigns": [campaign.name for campaign in campaigns.get(each.id, ())],
            "removed": _removal(each),
        }
        for each in residents
    ]


def remark_documents(session: Session, resident_id: UUID, zone: ZoneInfo) -> list[dict[str, Any]]:
    """What was remarked about a resident, the latest first, in words and with the rule of each."""
    language = settings.current().language
    return [{"kind": each.kind, "at": each.at.isoformat(), "facts": dict(each.facts),
             "said": each.said(language, zone), "rule": each.rule(language)}
            for each in remark_words.of_resident(session, resident_id)]  # fmt: skip


def resident_document(session: Session, resident: Resident) -> dict[str, Any]:
    """Everything that is known of one resident, with what they have agreed to and the cases that nobody has closed."""
    [known] = resident_documents(session, [resident])
    return known | {
        "reading": resident.reading,
        "birth_year": resident.birth_year,
        "language": resident.language,
        "pace": resident.pace,
        "voice": resident.timbre,
        "call_time": resident.call_time.strftime("%H:%M") if resident.call_time else None,
        "notes": resident.notes,
        "standing": vars(standing(session, resident)),
        "age": ages.age(resident.birth_year, absences.local_today(session, resident).year),
        "phones": [_phone(each) for each in resident.phones],
        "household_id": str(resident.household_id),
        "access_notes": resident.household.access_notes,
        "key_holder": resident.household.key_holder,
        "key_holder_telephone": resident.household.key_holder_number,
        "relatives": [
            {
                "name": each.name,
                "relation": each.relation,
                "number": each.number,
                "email": each.email,
                "wants": each.wants,
            }
            for each in resident.relatives
        ],
        "consents": [_consent(each) for each in resident.consents],
        "opt_outs": [_opt_out(each) for each in resident.opt_outs],
        "open_cases": [
            {"id": str(case.id), "kind": case.kind, "state": case.state}
            for case in escalation.unclosed_cases(session, [resident.id])
        ],
    }


def days_document(days: Sequence[Days]) -> list[dict[str, Any]]:
    """Absences as documents."""
    return [_days(each) for each in days]


def _phone(phone: Phone) -> dict[str, Any]:
    since = phone.state_since.isoformat() if phone.state_since else None
    return {"number": phone.number, "kind": kind_of(phone.number), "state": phone.state, "since": since}


def _place(profile: queries.ResidentProfile) -> str:
    """Where somebody lives, in the language of whoever reads it."""
    return spelled_place(settings.current().language, profile.building, profile.unit, profile.room)


def _days(days: Days) -> dict[str, Any]:
    return {"first_day": _iso(days.first), "last_day": _iso(days.last), "reason": days.reason}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _removal(resident: Resident) -> dict[str, Any] | None:
    if resident.removed_at is None:
        return None
    return {"at": resident.removed_at.isoformat(), "because": resident.removed_because, "note": resident.gone_note}


def _consent(consent: Consent) -> dict[str, Any]:
    return {
        "given_by": consent.given_by,
        "how": consent.how or consent.statement,
        "given_at": consent.given_at.isoformat() if consent.given_at else None,
        "for_what": consent.for_what,
        "evidence": consent.evidence,
        "recorded_at": consent.recorded_at.isoformat(),
        "withdrawn_at": consent.withdrawn_at.isoformat() if consent.withdrawn_at else None,
    }


def _opt_out(opt_out: OptOut) -> dict[str, Any]:
    return {
        "source": opt_out.source,
        "said_by": opt_out.said_by,
        "how": opt_out.how,
        "said_at": opt_out.said_at.isoformat(),
        "lifted_at": opt_out.lifted_at.isoformat() if opt_out.lifted_at else None,
        "lifted_by": opt_out.lifted_by,
    }
