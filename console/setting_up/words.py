"""What the pages of setting up say of the community: its facts, the office's telephone, the line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy.orm import Session

from campaigns.people.readiness import is_office, line_troubles
from console.people.refusals import Refusal
from console.setting_up import community_form
from contacts import queries as contacts
from contacts.community.kept_settings import given
from contacts.models import Community
from contacts.phones import formatted
from core import settings
from core.i18n import Language, translate
from core.settings import TWILIO_API_URL, Telephony
from ivr.dialogue import catalogue
from ivr.dialogue.catalogue import examples
from ivr.dialogue.engine import Prompt
from ivr.queries import lines

COMMUNITY, OFFICE = "community", "office"
"""The names of the two forms."""
GREETING = "check_in.greeting"


@dataclass(frozen=True)
class Office:
    """A telephone of the office that looks after the whole community."""

    responder_id: UUID
    name: str
    numbers: Sequence[str]


@dataclass(frozen=True)
class LineFacts:
    """How calls are made: by what, from which ``numbers``, how many a second and at once; ``troubles`` in words."""

    telephony: Telephony
    numbers: Sequence[str]
    per_second: float
    at_once: int
    public_url: str
    carrier: str
    troubles: Sequence[tuple[str, str]]

    def shown(self, region: str) -> list[str]:
        """The numbers as people of this country write them."""
        return [formatted(each, region) for each in self.numbers]

    @property
    def is_simulated(self) -> bool:
        """Whether nobody is really called."""
        return self.telephony is Telephony.EXCHANGE


def community_words(community: Community, language: Language, refusal: Refusal | None) -> Mapping[str, Any]:
    """What the form of its facts is filled with, and how the voice introduces itself by them."""
    values = community_form.values_of(community)
    typed = dict(refusal.typed) if refusal and refusal.form == COMMUNITY else {}
    return {
        "facts": values,
        "shown": values | typed,
        "version": community_form.version(values),
        "given": given(settings.current()),
        "zones": _zones(),
        "languages": [(each.value, translate(language, f"spoken:{each.value}")) for each in Language],
        "greeting": greeting(community),
        "voice": community.language,
    }


@cache
def _zones() -> Sequence[str]:
    """The time zones of places."""
    return sorted(each for each in available_timezones() if "/" in each and not each.startswith("Etc/"))


def greeting(community: Community) -> str:
    """The first words of a call, to somebody who does not exist, in the language of the voice."""
    spoken = Language(community.language)
    called = examples(spoken)["called"]
    return catalogue.words(Prompt(key=GREETING, words={"called": called, "community": community.name}), spoken)


def offices(session: Session, community: Community) -> Sequence[Office]:
    """The telephones to which every alert comes in the end."""
    known = contacts.all_responders(session, community.id)
    return [Office(each.id, each.name, each.numbers) for each in known if is_office(each)]


def line_facts(session: Session, community: Community, language: Language) -> LineFacts:
    """The line as it is set and as it stands on record; nobody is asked."""
    chosen, zone = settings.current(), ZoneInfo(community.timezone)
    in_service = lines(session)
    return LineFacts(
        chosen.telephony,
        [each.number for each in in_service],
        max((each.calls_per_second for each in in_service), default=chosen.line_calls_per_second),
        sum(each.calls_at_once for each in in_service) or chosen.line_calls_at_once,
        chosen.public_url,
        _carrier(chosen),
        [(each.said(language, zone), each.way_out(language, zone)) for each in line_troubles(session)],
    )  # fmt: skip


def _carrier(chosen: settings.Settings) -> str:
    """Where calls go; never with what opens it."""
    if chosen.telephony is Telephony.SIP:
        return ", ".join(each.proxy for each in chosen.sip_trunks)
    url = chosen.exchange_url if chosen.telephony is Telephony.EXCHANGE else chosen.twilio_api_url
    return "Twilio" if url.rstrip("/") == TWILIO_API_URL else url.rpartition("@")[2]
