"""Residents in the words of the command line."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from campaigns.models import Reason
from contacts import phones, places
from contacts.models import PhoneState, Removal
from contacts.name_readings import marked
from contacts.people.absences import AbsenceChange, Days
from core import settings
from core.i18n import Language, listed, translate
from core.short_ids import short
from zaoan.cli.campaigns.audience import flag_word
from zaoan.cli.resident_documents import days_document
from zaoan.terminal.common import minute, say

if TYPE_CHECKING:
    from campaigns.people.resident_status import TodaysCalls

NOTHING = "–"
REASONS = {
    Removal.MOVED_AWAY: Reason.MOVED_AWAY,
    Removal.DECEASED: Reason.DECEASED,
    Removal.OTHER: Reason.REMOVED,
}


def numbers(found: Sequence[str]) -> str:
    """Telephones as people write them."""
    return listed(_language(), map(phones.formatted, found)) or NOTHING


def flags(found: Sequence[str]) -> str:
    """Flags as words."""
    return listed(_language(), map(flag_word, found)) or NOTHING


def agreed(*, agreed: bool) -> str:
    """Whether somebody has agreed to be called."""
    return _word("has agreed to be called" if agreed else "has not agreed to be called")


def absences(found: Sequence[Days]) -> str:
    """Days on which somebody is not rung."""
    return "; ".join(map(_days, found)) or _word("not paused")


def standing(document: Mapping[str, Any]) -> str:
    """Whether somebody is rung, in a few words."""
    if removed := document["removed"]:
        return _word(f"reason:{REASONS[Removal(removed['because'])]}")
    if not document["agreed"]:
        return _word("reason:no_consent")
    if not document["campaigns"]:
        return _word("in no campaign")
    return "; ".join(map(_days, _known_days(document))) or _word("is rung")


def fields(document: Mapping[str, Any], zone: ZoneInfo) -> Mapping[str, object]:
    """Everything about a resident, by label."""
    removed = document["removed"]
    return {
        "id": short(document["id"]),
        "full name": document["name"],
        "form of address": document["called"],
        "reading": marked(document["reading"]),
        "place": document["place"],
        "telephone": _sentences(_phone(each, zone) for each in document["phones"]),
        "flags": flags(document["flags"]),
        "state": standing(document),
        "removed": f"{minute(removed['at'], zone)} {removed['note']}".strip() if removed else "",
        "status": _word(f"status:{document['standing']['status']}"),
        "birth year": document["birth_year"],
        "age": document["age"],
        "language": document["language"],
        "pace": document["pace"],
        "voice": _word(f"voice:{document['voice']}"),
        "call time": document["call_time"],
        "way in": document["access_notes"],
        "key holder": _key_holder(document),
        "notes": document["notes"],
        "relatives": _sentences(map(relative, document["relatives"])),
        "consents": _sentences(_consent(each, zone) for each in document["consents"]),
        "wishes for no calls": _sentences(_opt_out(each, zone) for each in document["opt_outs"]),
        "open cases": listed(_language(), [f"{short(each['id'])} {_word('case:' + each['kind'])}"
                                           for each in document["open_cases"]]),
        "not as usual": _sentences(f"{minute(each['at'], zone)} {each['said']}" for each in document["remarks"]),
    }  # fmt: skip


def relative(found: Mapping[str, Any] | None) -> str:
    """A relative in one line: name, relation, telephone, and what they want to be told."""
    if not found:
        return NOTHING
    about = (found["name"], found["relation"], phones.formatted(found["number"]), found["email"],
             wants(found["wants"]))  # fmt: skip
    return " ".join(part for part in about if part)


def wants(known: str) -> str:
    """What a relative wants to be told."""
    return _word(f"wants:{known}")


def value(what: str, known: Any) -> str:
    """What a changed thing was, or is now."""
    if what == "home":
        return places.spelled_place(_language(), known["building"], known["unit"], known["room"])
    if what == "relative":
        return relative(known)
    if what == "telephones":
        return numbers(known)
    if what == "flags":
        return flags(known)
    if what == "areas":
        return listed(_language(), known) if known else _word("the whole community")
    if what in {"languages", "skills"}:
        kind = "speaks" if what == "languages" else "skill"
        return listed(_language(), [_word(f"{kind}:{each}") for each in known]) or NOTHING
    if what == "pin":
        return _word("has one" if known else "has none")
    if what == "health_notes":
        return _word("written apart")
    if known in (None, ""):
        return NOTHING
    if what in {"number", "second_number", "key_holder_number"}:
        return numbers([known])
    if what == "role":
        return _word(f"role:{known}")
    if what == "telephone_state":
        return _word(f"phone:{known}")
    if what == "timbre":
        return _word(f"voice:{known}")
    if what == "reading":
        return marked(known)
    return known.strftime("%H:%M") if isinstance(known, time) else str(known)


def say_today(today: "TodaysCalls") -> None:
    """What became of today's calls."""
    if today.ended:
        say("What was still to be asked today has ended: nobody rings any more.")
    if today.in_call:
        say("They are on the telephone, or it rings: who has picked up is heard to the end.")
    if today.trial_ended:
        say("Their trial call has been broken off.")


def today_document(today: "TodaysCalls") -> dict[str, object]:
    """What became of today's calls, for programs."""
    return {"today": {"ended": today.ended, "in_call": today.in_call, "trial_ended": today.trial_ended}}


def change_document(change: AbsenceChange) -> dict[str, object]:
    """Absences before and after, for programs."""
    return {"before": days_document(change.before), "after": days_document(change.after)}


def _known_days(document: Mapping[str, Any]) -> list[Days]:
    return [
        Days(date.fromisoformat(each["first_day"]), date.fromisoformat(each["last_day"]) if each["last_day"] else None,
             each["reason"])
        for each in document["paused"]
    ]  # fmt: skip


def _days(days: Days) -> str:
    if days.last is None:
        span = translate(_language(), "paused from {first} until it is resumed", first=days.first)
    else:
        span = translate(_language(), "paused from {first} to {last}", first=days.first, last=days.last)
    return f"{span} ({days.reason})" if days.reason else span


def _sentences(parts: Iterable[str]) -> str:
    return ("；" if _language() == Language.CHINESE else "; ").join(parts)


def _consent(each: Mapping[str, Any], zone: ZoneInfo) -> str:
    about = (minute(each["given_at"] or each["recorded_at"], zone), each["given_by"], each["how"], each["for_what"],
             each["evidence"])  # fmt: skip
    given = " ".join(part for part in about if part)
    return f"{given} ({_word('withdrawn')} {minute(each['withdrawn_at'], zone)})" if each["withdrawn_at"] else given


def _phone(each: Mapping[str, Any], zone: ZoneInfo) -> str:
    """A telephone, and why it is not rung if it is not."""
    known = phones.formatted(each["number"])
    if each["state"] == PhoneState.GOOD:
        return known
    return f"{known} ({_word('phone:' + each['state'])} {minute(each['since'], zone)})"


def _key_holder(document: Mapping[str, Any]) -> str:
    number = document["key_holder_telephone"]
    return f"{document['key_holder']} {phones.formatted(number) if number else ''}".strip()


def _opt_out(each: Mapping[str, Any], zone: ZoneInfo) -> str:
    said = " ".join(part for part in (minute(each["said_at"], zone), each["said_by"], _word(each["how"])) if part)
    return f"{said} ({_word('undone')} {minute(each['lifted_at'], zone)})" if each["lifted_at"] else said


def _word(word: str) -> str:
    return translate(_language(), word) if word else ""


def _language() -> str:
    return settings.current().language
