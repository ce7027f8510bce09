"""What a campaign's user has to know before anybody is rung: about whom no helper could be told."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from contacts.people.community import the_community
from core import settings
from core.i18n import translate
from escalation.paging import reach
from zaoan.terminal.spoken import complain


def warn_of_gaps(session: Session, flags: Sequence[str] | None) -> None:
    """One red line on standard error for each gap in the ladders of the residents with these flags, and the way out."""
    language = settings.current().language
    gaps = reach.gaps_of(session, the_community(session).id, flags)
    for gap in gaps:
        said = translate(language, "Danger: {what}", what=reach.describe(gap, language))
        complain(said)
    if gaps:
        complain(translate(language, reach.WAY_OUT))
