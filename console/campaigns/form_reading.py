"""What the form of a campaign says, as the use cases take it; each mistake names the field beside which it stands."""

import re
from collections.abc import Sequence
from datetime import date, time
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy.orm import Session

from campaigns import audience
from campaigns.audiences.rules import EVERYONE as EVERYBODY
from campaigns.audiences.rules import OLDEST, Rule
from campaigns.models import CampaignKind
from campaigns.planning import retries
from campaigns.planning.retries import Retries
from campaigns.rounds import lateness
from campaigns.schedules import written
from campaigns.schedules.plans import BY_HAND, LONGEST_STEP, MOST_EXCEPTIONS, MOST_TIMES, Schedule, times_of
from campaigns.schedules.written import Typed
from console.campaigns import form as forms
from console.campaigns.choices import NONE, Choices, rule_of_choices
from console.campaigns.form import AS_USUAL, NEVER, PAUSED_AFTER, CampaignForm
from core.errors import UserError
from core.i18n import Language

_WORD = re.compile(r"[\w:-]+")
_PLACES = {"audience": "whom", "flags": "whom", "list": "whom", "id": "whom", "campaign": "whom", "least": "whom",
           "at": "when", "days": "when", "month_days": "when", "on": "when", "from": "when", "until": "when",
           "except": "when", "every": "when", "schedule": "when"}  # fmt: skip


def place_of(mistake: UserError) -> str:
    """The part of the form beside which a mistake is told."""
    field = (mistake.field or "").replace("-", "_")
    return _PLACES.get(field, field)


def rule_in(session: Session, community_id: UUID, form: CampaignForm) -> Rule | None:
    """Whom the form means; None where the rule that the campaign has is kept. Raises ``UserError``."""
    match form.whom:
        case forms.KEPT:
            return None
        case forms.WRITTEN:
            return audience.read(session, community_id, form.rule)
        case forms.CHOSEN:
            return rule_of_choices(_chosen(form))
        case forms.EVERYONE:
            return EVERYBODY
        case _:
            raise nobody_said()


def nobody_said() -> UserError:
    """What is told of a form in which nobody was chosen."""
    return UserError(
        "It is not said who is rung.", way_out="Choose at least one condition, or everybody.", field="audience"
    )


def choices_in(form: CampaignForm) -> Choices | None:
    """What was ticked; None where people are not chosen by that. Raises ``UserError``."""
    return _chosen(form) if form.whom == forms.CHOSEN else None


def schedule_in(form: CampaignForm, today: date) -> Schedule:
    """When the form says that rounds begin; what is counted from no day is from ``today``. Raises ``UserError``."""
    if form.often == "by_hand":
        return BY_HAND
    _check_times(form)
    if form.often == "once":
        return written.read(Typed(at=form.at, on=_needed(form.on, "on")))
    every = number(form.every.strip() or "1", "every")
    if every > LONGEST_STEP:
        raise _at_most(LONGEST_STEP, "every")
    _check_span(form)
    days = ",".join(form.day) if form.often == "weekly" else ""
    month_days = form.month_days if form.often == "monthly" else ""
    if form.often in {"weekly", "monthly"}:
        _needed(days or month_days, "days")
    first = form.first or (today.isoformat() if every > 1 else "")
    named = ",".join(_WEEKDAYS.get(each, each) for each in form.day) if days else ""
    return written.read(Typed(form.at, named, month_days, "", first, form.last, form.but, every))


def terms_in(form: CampaignForm, planned: Schedule) -> dict[str, Any]:
    """How often the form says that residents are rung, as ``PlanFields`` has it; raises ``UserError``."""
    return {
        "attempts": number(form.attempts, "attempts"),
        "retry_minutes": number(form.retry_minutes, "retry-minutes"),
        "retries": _retries(form),
        "ring_seconds": number(form.ring_seconds, "ring-seconds"),
        "spread_minutes": number(form.spread_minutes or "0", "spread-minutes"),
        "early_minutes": number(form.early_minutes or "0", "early-minutes"),
        "late_until": _late_until(form, planned),
        "machine_detection": form.machine_detection == "yes",
    }


def deadline_in(form: CampaignForm) -> int | None:
    """How long a round may take; None where its attempts decide."""
    return number(form.deadline_minutes, "deadline-minutes") if form.deadline_minutes.strip() else None


def kind_in(form: CampaignForm) -> CampaignKind:
    """What is asked, or told; raises ``UserError``."""
    if form.kind not in set(CampaignKind):
        raise UserError("There is no such kind of campaign: {value}.", way_out="Choose one of the list.", field="kind",
                        value=form.kind)  # fmt: skip
    return CampaignKind(form.kind)


def message_in(form: CampaignForm, kind: CampaignKind) -> str:
    """What is told: nothing in a check-in, whatever was typed before the kind was chosen. Raises ``UserError``."""
    if kind is not CampaignKind.NOTICE:
        return ""
    if not form.message.strip():
        raise UserError("A notice needs a message.", way_out="Write what residents are told.", field="message")
    return form.message


def number(text: str, field: str) -> int:
    """A whole number that was typed; raises ``UserError``."""
    plain = text.strip()
    if not plain.isdecimal() or len(plain) > 6:
        raise UserError("“{value}” is no whole number.", way_out="Write it in digits.", field=field, value=text)
    return int(plain)


_WEEKDAYS = {str(at): name for at, name in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), 1)}


def _chosen(form: CampaignForm) -> Choices:
    try:
        chosen = Choices(
            flags=_once(form.flag), every_flag=form.every_flag == "yes" and len(set(form.flag)) > 1,
            least=_age(form.least), most=_age(form.most), areas=tuple(map(UUID, _once(form.area))),
            languages=tuple(map(Language, _once(form.speaks))), list_id=_id(form.on_list),
            campaign_id=_id(form.in_campaign), answered=form.answered == "yes", but_flags=_once(form.but_flag),
            but_list_id=_id(form.but_list),
        )  # fmt: skip
        rule_of_choices(chosen)
    except ValidationError as wrong:
        raise UserError("The youngest age is above the oldest.", way_out="Change one of them.", field="least",
                        value=form.least) from wrong  # fmt: skip
    except ValueError as wrong:
        raise UserError("This cannot be chosen.", way_out="Open the page anew.", field="audience") from wrong
    if chosen == NONE:
        raise nobody_said()
    return chosen


def _age(text: str) -> int | None:
    if not text.strip():
        return None
    if (age := number(text, "least")) > OLDEST:
        raise UserError("Nobody is {value} years old.", way_out="Choose a number from 0 to {most}.", field="least",
                        value=age, most=OLDEST)  # fmt: skip
    return age


def _id(text: str) -> UUID | None:
    return UUID(text) if text else None


def _once(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for each in values if each))


def _check_times(form: CampaignForm) -> None:
    _needed(form.at, "at")
    if len(_WORD.findall(form.at)) > MOST_TIMES:
        raise _at_most(MOST_TIMES, "at")


def _check_span(form: CampaignForm) -> None:
    if form.first and form.last and form.last < form.first:
        raise UserError("The last day is before the first.", way_out="Change one of them.", field="until",
                        value=form.last)  # fmt: skip
    if len(_WORD.findall(form.but)) > MOST_EXCEPTIONS:
        raise _at_most(MOST_EXCEPTIONS, "except")


def _at_most(most: int, field: str) -> UserError:
    return UserError("That is too many.", way_out="Give at most {most}.", field=field, most=most)


def _needed(text: str, field: str) -> str:
    if not text.strip(" ,，、;；"):
        said = "It is not said at which time." if field == "at" else "It is not said on which days."
        raise UserError(said, way_out="Write it beside “at”, for example 08:00." if field == "at" else "Choose them.",
                        field=field, value=text)  # fmt: skip
    return text


def _retries(form: CampaignForm) -> Retries:
    own = {result: getattr(form, result) for result in PAUSED_AFTER if getattr(form, result) != AS_USUAL}
    return retries.read(retries.written({result: None if text == NEVER else number(text, "retry")
                                         for result, text in own.items()}))  # fmt: skip


def _late_until(form: CampaignForm, planned: Schedule) -> time | None:
    if form.late != "until":
        return lateness.NEVER if form.late == "never" else None
    first = next(iter(times_of(planned)), None)
    until = next(iter(times_of(written.read(Typed(at=form.late_at)))), None) if form.late_at.strip() else None
    if until is None or (first is not None and until <= first):
        raise UserError("It is not clear until when a missed round is rung.",
                        way_out="Give a time of the same day, later than the first one.", field="late",
                        value=form.late_at)  # fmt: skip
    return until
