"""The people: who is never rung for want of consent, and is there always somebody to ring about an alert?"""

from collections.abc import Collection, Sequence

from sqlalchemy.orm import Session

from campaigns import audience
from contacts import queries
from contacts.community.community import the_community
from contacts.models import Role
from contacts.queries import numbers as queries_numbers
from contacts.queries.numbers import NumberInHomes, SharedNumber
from core import clock, settings
from core.errors import NotFoundError
from core.settings import Settings
from escalation.paging import reach
from escalation.paging.reach import Gap
from ivr.queries import lines
from zaoan.checks.observation import Observation, ok, warning, wrong
from zaoan.checks.telephony.shared_telephones import homes_sentence, shared_sentence
from zaoan.checks.unspeakable import UNSAID, WAY_OUT, Unspeakable, listed, unspeakable_people
from zaoan.process.looking import NoDatabaseError, UnreachableError, looking

CHECK = "people"
MOST_NAMES = 10


def examine_people(chosen: Settings) -> list[Observation]:
    """Counts only; no names but those of people whose entry in the list is to be mended."""
    try:
        with looking(chosen) as session:
            return _looked_at(session)
    except NotFoundError as missing:
        return [wrong(CHECK, missing.message, missing.way_out)]
    except (NoDatabaseError, UnreachableError):
        return [warning(CHECK, "The people are in the database, which does not answer.", "Mend that first.")]


def judge_helpers(helpers: Collection[tuple[Role, bool]]) -> Observation:
    """``helpers`` are (role, whether they look after the whole community): the ladder ends at such an office."""
    if (Role.OFFICE, True) in helpers:
        return ok(CHECK, "{count} helpers; the office is there when nobody else accepts.", count=len(helpers))
    mend = (
        "Import a responder with the role 社区办公室 (office) and an empty area: `zaoan import FILE --kind responders`."
    )
    return wrong(CHECK, "No office for the whole community: an alert may have nobody to ring.", mend)


def judge_gaps(gaps: Sequence[Gap]) -> Sequence[Observation]:
    """A resident about whom nobody could be rung is wrong, however many others are looked after."""
    language = settings.current().language
    return [wrong(CHECK, "Danger: {what}", reach.WAY_OUT, what=reach.describe(gap, language)) for gap in gaps]


def judge_campaigns(campaigns: int, left_out: Sequence[str]) -> Sequence[Observation]:
    """``left_out`` have agreed, but no campaign is for them: they are never rung, and nobody would notice."""
    if not campaigns and left_out:
        said = "No campaign asks residents how they are; nobody is rung."
        return [warning(CHECK, said, "Create a campaign, and its rounds start by themselves: zaoan campaign create")]
    said = "Agreed to be called, and yet in no campaign ({count}): {names}"
    mend = "Give them a flag: `zaoan resident set NAME --add-flag FLAG`; or create a campaign for everybody."
    few = ", ".join(left_out[:MOST_NAMES]) + (" …" if len(left_out) > MOST_NAMES else "")
    return [warning(CHECK, said, mend, count=len(left_out), names=few)] if left_out else []


def judge_names(found: Sequence[Unspeakable]) -> Sequence[Observation]:
    """Whoever is not called by their name may think that somebody else is meant."""
    return [warning(CHECK, UNSAID, WAY_OUT, names=listed(found))] if found else []


def judge_shared(found: Sequence[SharedNumber]) -> Sequence[Observation]:
    """A helper who is resident as well, or has a resident's telephone, is passed over for that household."""
    mend = "Give another telephone of the helper if there is one; until then others are asked about this home."
    pairs = (shared_sentence(each) for each in found)
    return [warning(CHECK, said, mend, **gaps) for said, gaps in pairs]


def judge_homes(found: Sequence[NumberInHomes]) -> Sequence[Observation]:
    """A number that was copied into the wrong row rings the wrong home, and the right one never."""
    return [warning(CHECK, said, "", **gaps) for said, gaps in map(homes_sentence, found)]


def judge_ours(whose: Sequence[str]) -> Sequence[Observation]:
    """Whoever has our own number as theirs can never be rung."""
    said = "Our own number, from which we ring, is written down as that of: {names}."
    return [wrong(CHECK, said, "Give their own numbers and import again.", names=", ".join(whose))] if whose else []


def _looked_at(session: Session) -> list[Observation]:
    community = the_community(session)
    everybody = len(queries.resident_ids(session, community.id))
    unasked = len(queries.without_consent(session, community.id))
    helpers = [(each.role, not each.areas) for each in queries.all_responders(session, community.id)]
    said = "{residents} residents, {unasked} of them without consent and therefore never rung."
    counted = ok(CHECK, said, residents=everybody, unasked=unasked)
    alone = judge_gaps(reach.gaps_of(session, community.id))
    shared = judge_shared(queries_numbers.shared_numbers(session, community.id))
    ours = judge_ours(queries_numbers.names_with_numbers(session, [line.number for line in lines(session)]))
    campaigns = len(audience.daily_campaigns(session))
    unmeant = judge_campaigns(campaigns, audience.in_no_campaign(session, community, clock.now()))
    return [
        counted,
        judge_helpers(helpers),
        *alone,
        *unmeant,
        *ours,
        *shared,
        *judge_homes(queries_numbers.numbers_in_several_homes(session, community.id)),
        *judge_names(unspeakable_people(session)),
    ]
