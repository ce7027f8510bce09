"""Whom and when a form means while it is filled in: the sentence, how many, the first names, and the next dates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from campaigns import audience
from campaigns.audience import rule_of
from campaigns.audiences.rules import Rule
from campaigns.models import Campaign
from campaigns.reports import change_words
from campaigns.schedules import occurrences
from campaigns.schedules.plans import Schedule
from console.campaigns import form_reading, sentences
from console.campaigns.form import CampaignForm
from contacts.models import Community, LeftOut
from core import clock
from core.errors import UserError
from core.i18n import Language, translate

NAMES = 12


@dataclass(frozen=True)
class Preview:
    """What would come of the form: ``names`` are the first of those who are rung, ``dates`` the next ones.

    What the form does not say yet, or wrongly, is left out, and told in ``mistakes`` by its place in the form.
    """

    sentence: str = ""
    people: int | None = None
    left_out: Mapping[LeftOut, int] = field(default_factory=dict)
    names: Sequence[str] = ()
    dates: Sequence[datetime] = ()
    mistakes: Mapping[str, str] = field(default_factory=dict)


def preview(
    session: Session, community: Community, form: CampaignForm, campaign: Campaign | None, language: Language
) -> Preview:
    """The form as it stands; ``campaign`` is the one that is being changed."""
    now, zone = clock.now(), ZoneInfo(community.timezone)
    mistakes: dict[str, str] = {}
    rule, planned = None, None
    try:
        rule = _rule(session, community, form, campaign)
    except UserError as mistake:
        mistakes[form_reading.place_of(mistake)] = in_words(mistake, language)
    try:
        planned = form_reading.schedule_in(form, now.astimezone(zone).date())
    except UserError as mistake:
        mistakes[form_reading.place_of(mistake)] = in_words(mistake, language)
    dates = occurrences.upcoming(planned, zone, now) if planned else ()
    at = dates[0] if dates else now
    report = audience.audience_report(session, community, rule, at) if rule else None
    return Preview(
        sentence=_sentence(session, community, form, rule, planned, language),
        people=report.people if report else None,
        left_out=report.left_out if report else {},
        names=audience.first_rung(session, community, rule, at, NAMES) if rule else (),
        dates=dates,
        mistakes=mistakes,
    )


def in_words(mistake: UserError, language: Language) -> str:
    """A mistake for people, its field by the name that stands on the page."""
    named = change_words.label((mistake.field or "").replace("-", "_"), language)
    gaps = {**mistake.parameters, "field": named}
    said = [translate(language, text, **gaps) for text in (mistake.message, mistake.way_out) if text]
    return ("" if language is Language.CHINESE else " ").join(said)


def _rule(session: Session, community: Community, form: CampaignForm, campaign: Campaign | None) -> Rule:
    meant = form_reading.rule_in(session, community.id, form)
    if meant is not None:
        return meant
    if campaign is None:
        raise form_reading.nobody_said()
    return rule_of(campaign)


def _sentence(
    session: Session,
    community: Community,
    form: CampaignForm,
    rule: Rule | None,
    planned: Schedule | None,
    language: Language,
) -> str:
    if rule is None or planned is None:
        return ""
    try:
        kind = form_reading.kind_in(form)
    except UserError:
        return ""
    return sentences.sentence(session, community, kind, planned, rule, language)
