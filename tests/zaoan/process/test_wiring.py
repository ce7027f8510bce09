"""What an installation that is open can do, with nothing else started."""

from contextlib import closing
from threading import Event

from pydantic import SecretStr
from sqlalchemy import select

from audio import mouths, voice
from audio.child import ChildFailedError
from campaigns.dialogues.check_in import Asked, check_in_dialogue
from core import actors
from core.i18n import Language
from core.running import troubles
from core.settings import Telephony
from core.storage import database
from escalation.cases import cases
from escalation.models import CaseKind, Page, PageState
from ivr.dispatch import prerender
from ivr.models import Call, CallState
from ivr.ports import owners
from tests.escalation.cases.test_waiting import resident, responder
from tests.patience import PATIENCE_SECONDS
from tests.voices import Voice
from zaoan.checks.settings import has_secret
from zaoan.process import wiring


def test_a_case_can_be_closed_while_its_page_waits_to_be_dialled(house_settings):
    """Commands dial nobody, and still end calls, of which the owners hear."""
    with owners.using(owners.Owners()), closing(wiring.open_house(house_settings)):
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


def test_doctor_knows_that_a_service_has_run_whoever_carries_its_calls(house_settings):
    real = house_settings.model_copy(
        update={"telephony": Telephony.TWILIO, "twilio_account_sid": "AC" + "1" * 32, "secret_key": SecretStr(""),
                "twilio_number": ("+8631186009001",), "twilio_api_url": "http://127.0.0.1:9"}
    )  # fmt: skip
    with owners.using(owners.Owners()), closing(wiring.open_house(real)):
        assert not has_secret(real)
        with closing(wiring.connect(real, real.public_url, "http://127.0.0.1:9")):
            assert has_secret(real)


def test_a_process_that_ends_makes_no_more_sounds_and_says_nothing_of_its_voices(house_settings, monkeypatch):
    """A neural voice takes minutes for all that is prepared ahead, and whoever has stopped the service waits for it."""
    asked, begun = [], Event()

    class Speaks:
        """It takes long for every word."""

        pid, is_at_work = 0, lambda _: True

        def __init__(self, _):
            self._killed = Event()

        def ask(self, order, _):
            asked.append(order["text"])
            begun.set()
            self._killed.wait(0.2)
            raise ChildFailedError("the voice died")

        def kill(self):
            self._killed.set()

        close = kill

    monkeypatch.setattr(mouths, "Child", Speaks)
    monkeypatch.setattr(voice, "Voice", Voice)  # other tests have a mute one
    told = [Asked("wang", "王奶奶")]
    dialogue = check_in_dialogue(told, "槐东社区", Language.CHINESE, None, "120", rang_us=False)
    with closing(wiring.open_house(house_settings)):
        with closing(wiring.connect(house_settings, house_settings.public_url, "http://127.0.0.1:9")):
            with database.unit_of_work() as session:
                prerender.prepare_soon(session, dialogue)
            assert begun.wait(PATIENCE_SECONDS)
        assert len(asked) == 1
        with database.reading() as session:
            assert troubles.known(session) == []
