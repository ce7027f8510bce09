"""Over real SIP the office has whoever has a case rung, and connected with the resident from their own call."""

import pytest

from core import actors
from core.errors import ConflictError
from core.running.installation import Purpose
from core.storage.database import unit_of_work
from escalation.calls.talking import talk_requests
from escalation.models import Case, CaseState
from ivr.models import Call
from tests.patience import wait_for
from tests.switchboard import rows
from zaoan.rehearsal.behaviours import SILENCE, Behaviour, answer, press
from zaoan.rehearsal.morning import morning
from zaoan.rehearsal.sip.rehearse import NOTICE, RING_SECONDS
from zaoan.rehearsal.sip.running import SipService, line_settings
from zaoan.rehearsal.sip.wire import read_line
from zaoan.rehearsal.town import TELEPHONES, Helper, Home, Town

HOME, HELPER = f"{TELEPHONES}10001", "+8613900000001"
UNWELL = Behaviour([answer(press("3")), answer(SILENCE)], ["unwell"])
ACCEPTS = Behaviour([answer(press("1"), SILENCE), answer(press("1"), SILENCE)])
SPEED = 5.0


def _without_foreign(*given, **more):
    return SipService(*given, **more, foreign=0)


def _accepted():
    return [case for case in rows(Case) if case.state == CaseState.ACCEPTED]


def _is_rung(case_id):
    """The office asks until their telephone is on the hook, and that is known."""
    try:
        with unit_of_work() as session:
            return talk_requests.ring_holder(session, actors.user("office"), case_id)
    except ConflictError:
        return None


@pytest.mark.long
def test_the_office_connects_whoever_has_a_case_with_the_resident(tmp_path):
    town = Town([Home(["王甲"], [HOME], "unwell", UNWELL)], [Helper("李乙", "志愿者", "", HELPER, "accepts", ACCEPTS)])
    with (
        morning(town, town.write(tmp_path), line_settings(tmp_path), Purpose.REHEARSAL, SPEED, notice=NOTICE,
                running=_without_foreign, ring_seconds=RING_SECONDS) as under_way,
    ):  # fmt: skip
        service = under_way.service
        [case] = wait_for(_accepted, "somebody who has the case")
        wait_for(lambda: _is_rung(case.id), "the end of the call in which the case was taken")
        wait_for(lambda: len(rows(Call, number=HOME)) > 1, "the resident's telephone, rung for the helper")
        line = wait_for(lambda: _over(service, 4), "the end of what connected them")
        [kept] = rows(Case)
    asked, told, talk, leg = line.calls
    assert [call.number for call in (asked, told, talk, leg)] == [HOME, HELPER, HELPER, HOME]
    assert (leg.parent, talk.parent) == (talk.url, None)
    assert leg.answered_at > talk.key_reports[0].sent_at
    assert leg.ended_at <= talk.ended_at
    assert (kept.state, kept.accepted_by_id) == (CaseState.ACCEPTED, case.accepted_by_id)


def _over(service, calls):
    line = read_line(service.phones_log, service.journal)
    return line if len(line.calls) == calls and not line.off_the_hook else None
