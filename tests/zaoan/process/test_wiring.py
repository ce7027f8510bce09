"""What an installation that is open can do, with nothing else started."""

from contextlib import closing

from pydantic import SecretStr
from sqlalchemy import select

from core import actors
from core.settings import Telephony
from core.storage import database
from escalation.cases import cases
from escalation.models import CaseKind, Page, PageState
from ivr.models import Call, CallState
from ivr.ports import owners
from tests.escalation.cases.test_waiting import resident, responder
from zaoan.checks.settings import has_secret
from zaoan.process import wiring


def test_a_case_can_be_closed_while_its_page_waits_to_be_dialled(house_settings, monkeypatch):
    """Commands dial nobody, and still end calls, of which the owners hear."""
    monkeypatch.setattr(owners, "_current", owners.Owners())
    with closing(wiring.open_house(house_settings)):
        with database.unit_of_work() as session:
            responder(session, "+8613900000001", "1号楼")
            case_id = cases.open_case(
                session, actors.system(), CaseKind.UNWELL, resident(session, "1号楼", "101"), None
            ).id
        with database.unit_of_work() as session:
            assert [call.state for call in session.scalars(select(Call))] == [CallState.QUEUED]
            cases.close(session, actors.system(), case_id, "")
        with database.reading() as session:
            assert [call.state for call in session.scalars(select(Call))] == [CallState.ENDED]
            assert [page.state for page in session.scalars(select(Page))] == [PageState.WITHDRAWN]


def test_doctor_knows_that_a_service_has_run_whoever_carries_its_calls(house_settings, monkeypatch):
    monkeypatch.setattr(owners, "_current", owners.Owners())
    real = house_settings.model_copy(
        update={"telephony": Telephony.TWILIO, "twilio_account_sid": "AC" + "1" * 32, "secret_key": SecretStr(""),
                "twilio_number": ("+8631186009001",), "twilio_api_url": "http://127.0.0.1:9"}
    )  # fmt: skip
    with closing(wiring.open_house(real)):
        assert not has_secret(real)
        with closing(wiring.connect(real, real.public_url, "http://127.0.0.1:9")):
            assert has_secret(real)
