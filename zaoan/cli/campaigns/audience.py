"""Whom a campaign rings, as the commands say it."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NoReturn

from contacts.columns import vocabulary
from core import settings
from core.errors import ConflictError
from core.i18n import Language, listed, translate
from zaoan.terminal.common import say

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy.orm import Session

    from campaigns.audience import AudienceReport, Described
    from campaigns.models import Campaign


def say_audience(audience: "AudienceReport") -> None:
    """How many people, by flag, and how many are left out and why."""
    if audience.by_flag:
        say("{people} people are rung: {by_flag}", people=audience.people, by_flag=_counted(_flags(audience)))
    else:
        say("{people} people are rung.", people=audience.people)
    if audience.left_out:
        left_out = audience.enrolled - audience.people
        say("{count} are left out: {reasons}", count=left_out, reasons=left_out_words(audience))


def left_out_words(audience: "AudienceReport") -> str:
    """Why people are left out and how many, empty where nobody is."""
    return _counted({_word(f"left_out:{reason}"): count for reason, count in audience.left_out.items()})


def refuse_empty(name: str, audience: "AudienceReport") -> NoReturn:
    """A campaign that rings nobody would look as if everybody were well; says who is left out and why."""
    way_out = "Import residents who have agreed, choose other flags, or give --allow-empty."
    if not audience.left_out:
        raise ConflictError("Campaign {value} rings nobody: nobody who is enrolled is meant by it.", way_out=way_out,
                            field="flags", value=name)  # fmt: skip
    raise ConflictError("Campaign {value} rings nobody; {count} are left out: {reasons}.", way_out=way_out,
                        field="flags", value=name, count=audience.enrolled,
                        reasons=left_out_words(audience))  # fmt: skip


def audience_document(audience: "AudienceReport") -> dict[str, object]:
    """For programs, with the keys of flags and reasons."""
    return {
        "people": audience.people,
        "by_flag": dict(audience.by_flag),
        "left_out": {reason.value: count for reason, count in audience.left_out.items()},
    }


def audience_words(session: "Session", campaigns: Iterable["Campaign"]) -> dict["UUID", "Described"]:
    """Whom each campaign is for, in the installation's language and as it is typed."""
    from campaigns.audience import describe, rule_of
    from contacts.models import Community

    language = settings.current().language
    return {
        each.id: describe(session, session.get_one(Community, each.community_id), rule_of(each), language)
        for each in campaigns
    }


def flag_word(flag: str) -> str:
    """A flag in the installation's language."""
    if settings.current().language is Language.CHINESE:
        return vocabulary.chinese(vocabulary.FLAGS, flag)
    return vocabulary.english(flag)


def _flags(audience: "AudienceReport") -> Mapping[str, int]:
    return {flag_word(flag): count for flag, count in audience.by_flag.items()}


def _counted(counts: Mapping[str, int]) -> str:
    return listed(settings.current().language, [f"{word} {count}" for word, count in counts.items()])


def _word(word: str) -> str:
    return translate(settings.current().language, word)
