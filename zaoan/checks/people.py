"""The people: who is never rung for want of consent, and is there always somebody to ring about an alert?"""

from collections.abc import Collection, Sequence

from sqlalchemy.orm import Session

from contacts import queries
from contacts.community import the_community
from contacts.models import Role
from core import settings
from core.errors import NotFoundError
from core.settings import Settings
from escalation import reach
from escalation.reach import Gap
from zaoan.checks.finding import Finding, ok, warning, wrong
from zaoan.checks.opening import NoDatabaseError, UnreachableError, looking
from zaoan.unspeakable import UNSAID, WAY_OUT, Unspeakable, listed, unspeakable_people

CHECK = "people"


def examine_people(chosen: Settings) -> list[Finding]:
    """Counts only; no names but those that the voice cannot say."""
    try:
        with looking(chosen) as session:
            return _looked_at(session)
    except NotFoundError as missing:
        return [wrong(CHECK, missing.message, missing.way_out)]
    except (NoDatabaseError, UnreachableError):
        return [warning(CHECK, "The people are in the database, which does not answer.", "Mend that first.")]


def judge_helpers(helpers: Collection[tuple[Role, bool]]) -> Finding:
    """``helpers`` are (role, whether they look after the whole community): the ladder ends at such an office."""
    if (Role.OFFICE, True) in helpers:
        return ok(CHECK, "{count} helpers; the office is there when nobody else accepts.", count=len(helpers))
    mend = (
        "Import a responder with the role 社区办公室 (office) and an empty area: `zaoan import FILE --kind responders`."
    )
    return wrong(CHECK, "No office for the whole community: an alert may have nobody to ring.", mend)


def judge_gaps(gaps: Sequence[Gap]) -> Sequence[Finding]:
    """A resident about whom nobody could be rung is wrong, however many others are looked after."""
    language = settings.current().language
    return [wrong(CHECK, "Danger: {what}", reach.WAY_OUT, what=reach.describe(gap, language)) for gap in gaps]


def judge_names(found: Sequence[Unspeakable]) -> Sequence[Finding]:
    """Whoever is not called by their name may think that somebody else is meant."""
    return [warning(CHECK, UNSAID, WAY_OUT, names=listed(found))] if found else []


def _looked_at(session: Session) -> list[Finding]:
    community = the_community(session)
    everybody = len(queries.resident_ids(session, community.id))
    unasked = len(queries.without_consent(session, community.id))
    helpers = [(Role(each.role), each.area_id is None) for each in queries.all_responders(session, community.id)]
    said = "{residents} residents, {unasked} of them without consent and therefore never rung."
    counted = ok(CHECK, said, residents=everybody, unasked=unasked)
    alone = judge_gaps(reach.gaps_of(session, community.id))
    return [counted, judge_helpers(helpers), *alone, *judge_names(unspeakable_people(session))]
