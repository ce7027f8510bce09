"""What an installation that is open can do, with nothing else started."""

from contextlib import closing

from sqlalchemy import select

from core import database
from escalation import cases
from escalation.models import CaseKind, Page, PageState
from ivr import seam
from ivr.models import Call, CallState
from tests.escalation.test_waiting import resident, responder
from zaoan import wiring


def test_a_case_can_be_closed_while_its_page_waits_to_be_dialled(house_settings, monkeypatch):
    """Commands dial nobody, and still end calls, of which the owners hear."""
    monkeypatch.setattr(seam, "_owners", {})
    with closing(wiring.open_house(house_settings)):
        with database.unit_of_work() as session:
            responder(session, "+8613900000001", "1号楼")
            case_id = cases.open_case(session, CaseKind.UNWELL, resident(session, "1号楼", "101"), None).id
        with database.unit_of_work() as session:
            assert [call.state for call in session.scalars(select(Call))] == [CallState.QUEUED]
            cases.close(session, case_id, "")
        with database.reading() as session:
            assert [call.state for call in session.scalars(select(Call))] == [CallState.ENDED]
            assert [page.state for page in session.scalars(select(Page))] == [PageState.WITHDRAWN]
