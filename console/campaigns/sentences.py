"""A campaign as one sentence: when it has its rounds, and whom it rings or tells something."""

from sqlalchemy.orm import Session

from campaigns.audience_names import names_in
from campaigns.audiences import words
from campaigns.audiences.names import Names
from campaigns.audiences.rules import AllOf, Everyone, Not, Rule
from campaigns.models import CampaignKind
from campaigns.schedules import words as schedule_words
from campaigns.schedules.plans import Schedule
from contacts.models import Community
from core.i18n import Language, translate

_SAID = {CampaignKind.CHECK_IN: "{when}: ring {whom}.", CampaignKind.NOTICE: "{when}: tell the message to {whom}."}


def sentence(
    session: Session, community: Community, kind: CampaignKind, planned: Schedule, rule: Rule, language: Language
) -> str:
    """What the campaign does, for people."""
    when = schedule_words.sentence(planned, language)
    whom = whom_in_words(rule, names_in(session, community, rule), language)
    said = translate(language, _SAID[kind], when=when, whom=whom)
    return said[0].upper() + said[1:]


def whom_in_words(rule: Rule, names: Names, language: Language) -> str:
    """Whom the rule means, as the object of a sentence; who is left out of it stands at its end."""
    parts = rule.of if isinstance(rule, AllOf) else (rule,)
    meant = tuple(each for each in parts if not isinstance(each, Not | Everyone))
    but = [each.of for each in parts if isinstance(each, Not)]
    said = translate(language, "everybody")
    if meant:
        one = meant[0] if len(meant) == 1 else AllOf(of=meant)
        said = translate(language, "whoever {what}", what=words.sentence(one, names, language))
    for each in but:
        said = translate(language, "{whom}, but not whoever {what}", whom=said,
                         what=words.sentence(each, names, language))  # fmt: skip
    return said
