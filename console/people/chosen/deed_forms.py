"""What is to be done with everybody of a choice, as a form says it and back."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Form, Query

from campaigns.people.bulk_deeds import Deed, Pause, Resume, RingNow, SetFlag, TakeFlag
from contacts.days import day
from core.errors import UserError
from core.i18n import Language, translate

FIELDS = ("deed", "flag", "first_day", "last_day", "reason", "campaign")
_Short = 400
Typed = Mapping[str, str]
Query_ = Annotated[str, Query(max_length=_Short)]
Form_ = Annotated[str, Form(max_length=_Short)]


def asked(deed: Query_ = "", flag: Query_ = "", first_day: Query_ = "", last_day: Query_ = "", reason: Query_ = "",
          campaign: Query_ = "") -> Typed:  # fmt: skip
    """The fields as an address says them."""
    return dict(zip(FIELDS, (deed, flag, first_day, last_day, reason, campaign), strict=True))


def sent(deed: Form_ = "", flag: Form_ = "", first_day: Form_ = "", last_day: Form_ = "", reason: Form_ = "",
         campaign: Form_ = "") -> Typed:  # fmt: skip
    """The same as a form sends them."""
    return dict(zip(FIELDS, (deed, flag, first_day, last_day, reason, campaign), strict=True))


def read(typed: Typed, today: date) -> Deed:
    """What is meant; raises ``UserError`` that names the field."""
    match typed["deed"]:
        case "set_flag":
            return SetFlag(flag=typed["flag"])
        case "take_flag":
            return TakeFlag(flag=typed["flag"])
        case "pause":
            first = day(typed["first_day"], today, "first_day") if typed["first_day"].strip() else today
            last = day(typed["last_day"], today, "last_day") if typed["last_day"].strip() else None
            return Pause(first=first, last=last, reason=typed["reason"])
        case "resume":
            return Resume()
        case "ring":
            return RingNow(campaign_id=_id(typed["campaign"]))
        case _:
            raise UserError("Nothing is chosen that is to be done.", way_out="Choose one of the list.", field="deed",
                            value=typed["deed"])  # fmt: skip


def again(deed: Deed) -> Typed:
    """The fields by which a form says the same."""
    nothing = dict.fromkeys(FIELDS, "") | {"deed": deed.kind}
    match deed:
        case SetFlag(flag=flag) | TakeFlag(flag=flag):
            return nothing | {"flag": flag}
        case Pause(first=first, last=last, reason=reason):
            return nothing | {"first_day": first.isoformat(), "last_day": last.isoformat() if last else "",
                              "reason": reason}  # fmt: skip
        case RingNow(campaign_id=campaign_id):
            return nothing | {"campaign": str(campaign_id)}
    return nothing


def sentence(deed: Deed, flag: str, campaign: str, language: Language) -> str:
    """What is done, in words; ``flag`` and ``campaign`` are what they are called."""
    match deed:
        case SetFlag():
            return translate(language, "Set the flag “{flag}”", flag=flag)
        case TakeFlag():
            return translate(language, "Remove the flag “{flag}”", flag=flag)
        case Pause(first=first, last=last, reason=reason):
            text = "Pause the calls from {first} to {last}" if last else "Pause the calls from {first} until resumed"
            said = translate(language, text, first=first, last=last)
            return translate(language, "{what}: {why}", what=said, why=reason) if reason.strip() else said
        case Resume():
            return translate(language, "Resume the calls")
        case RingNow():
            return translate(language, "Ring them now, as in {campaign}", campaign=campaign)


def _id(written: str) -> UUID:
    try:
        return UUID(written)
    except ValueError:
        raise UserError("No campaign is chosen.", way_out="Choose one.", field="campaign", value=written) from None
