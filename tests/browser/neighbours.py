"""People of the street with all that a file can tell, for the pages that show it."""

from datetime import timedelta

from sqlalchemy import select

from campaigns.models import Outcome
from contacts.models import Resident, ResidentFlag, Responder
from contacts.people import absences, consent
from core import actors, clock
from core.storage.database import unit_of_work
from tests import people
from tests.console import street

LI, ZHAO, YANG, HUANG = "李长海", "赵德明", "杨秀英", "黄志强"


def filled_in():
    """By name, the addresses of the pages of whom there is something to see."""
    street.begin_round()
    street.answer("李爷爷", Outcome.UNWELL)
    street.answer("王奶奶", Outcome.OK)
    with unit_of_work() as session:
        known = {each.name: each for each in session.scalars(select(Resident))}
        _li(session, known[LI])
        today = clock.now().date()
        absences.pause(session, actors.system(), known[ZHAO].id, today, today + timedelta(days=4), "住在女儿家")
        consent.withdraw(session, actors.system(), known[YANG].id, by="本人", how="在窗口说的")
        helper = session.scalars(select(Responder).order_by(Responder.id)).first()
        helper.languages, helper.skills = ["cantonese", "local_dialect"], ["first_aid", "driving"]
        return {
            "file": f"/residents/{known[LI].id}", "health": f"/residents/{known[LI].id}/health",
            "paused": f"/residents/{known[ZHAO].id}", "household": f"/households/{known[HUANG].household_id}",
            "responder": f"/responders/{helper.id}", "residents": "/residents", "nobody": "/residents?q=xyzq",
            "new-resident": "/residents/new", "import": "/residents/import",
            "responders": "/responders", "new-responder": "/responders/new",
        }  # fmt: skip


def _li(session, who):
    session.add_all(ResidentFlag(resident_id=who.id, flag=each) for each in ("lives_alone", "aged_80"))
    people.relative(
        session, who.id, "李敏", "+8613800138001", relation="女儿", email="limin@example.org", wants="daily"
    )
    people.relative(session, who.id, "李强", "+8613800138002", relation="儿子")
    who.birth_year, who.notes = 1941, "腿脚不便，开门要等一会儿"
    who.household.access_notes = "门铃坏了，请敲门"
    who.household.key_holder, who.household.key_holder_number = "对门张阿姨", "+8613800138009"
