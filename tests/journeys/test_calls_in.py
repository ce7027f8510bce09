"""Stories of people who ring in, told over real HTTP between the service and the exchange."""

import requests
from sqlalchemy import select

from contacts.models import Resident, Responder
from core.storage.database import reading
from escalation.models import Case, CaseState, Page
from ivr import queries as telephone
from ivr.models import Recording, RecordingState
from tests.journeys.neighbourhood import SPEED
from tests.patience import PATIENCE_SECONDS, wait_for
from zaoan.rehearsal.behaviours import SILENCE, Behaviour, answer, no_answer, press

ACCEPTS = Behaviour([answer(press("1"), after=3.0)])
NEVER = Behaviour([no_answer()])
AS_WE_LIVE = 1
"""So slowly that a telephone rings for as long as a busy machine takes to hear somebody out."""
PIN = "204817"


def typed(number):
    """A number of ours as people in its country dial it, with the key that ends it."""
    return press(f"0{number.removeprefix('+86')}#")


def cases_of(building, called):
    """Every case of a resident of this building, whatever it came from."""
    with reading() as session:
        resident = select(Resident.id).where(Resident.name == f"{called}{building.number}")
        return session.scalars(select(Case).where(Case.resident_id.in_(resident))).all()


def messages():
    with reading() as session:
        return session.scalars(select(Case).where(Case.kind == "message").order_by(Case.opened_at)).all()


def test_whoever_rings_before_the_round_is_not_rung_in_it(building):
    telephone_of_wang = building.home(NEVER, "王奶奶")
    telephone_of_li = building.home(NEVER, "李爷爷")
    building.responder(ACCEPTS, "楼长")
    building.settle()
    building.until_ended(building.dial(telephone_of_wang, press("1")))
    building.until_ended(building.dial(telephone_of_li, press("3")))
    [early] = cases_of(building, "李爷爷")
    building.begin().until_over()
    assert building.outcomes() == {"王奶奶": "ok", "李爷爷": "unwell"}
    assert [case.id for case in building.cases()] == [early.id]
    assert [call.inbound for each in (telephone_of_wang, telephone_of_li) for call in building.calls_to(each)] == [
        True,
        True,
    ]


def test_whoever_rings_from_another_telephone_while_we_ring_stops_the_ringing(building):
    first = building.home(Behaviour([no_answer()], second_phone=[no_answer()]), "王奶奶")
    second = first.removesuffix("00") + "01"
    building.around.service.run_at(AS_WE_LIVE)
    try:
        building.begin(ring_seconds=120)
        wait_for(lambda: building.calls_to(first), "the first telephone to ring")
        building.until_ended(building.dial(second, press("1", since="start")))
        [ours] = building.calls_to(first)
        building.until_ended(ours.call_id)
    finally:
        building.around.service.run_at(SPEED)
    building.until_over()
    [ours] = building.calls_to(first)
    assert building.outcomes() == {"王奶奶": "ok"}
    assert ours.answered_at is None
    assert (ours.status, ours.ended_by) == ("canceled", "service")
    assert building.check_ins()["王奶奶"].attempts == 1


def test_somebody_unknown_who_types_the_household_gets_a_person_and_decides_nothing(building):
    home = building.home(Behaviour([answer(press("1"))]), "王奶奶")
    building.responder(ACCEPTS, "楼长")
    building.settle()
    stranger = "+8631188880001"
    building.until_ended(building.dial(stranger, typed(home), press("1"), press("1")))
    assert cases_of(building, "王奶奶") == []
    building.until_ended(building.dial(stranger, typed(home), press("1"), press("3")))
    [case] = cases_of(building, "王奶奶")
    assert (case.kind, case.caller, case.check_in_id) == ("unwell", stranger, None)
    building.begin().until_over()
    assert building.outcomes() == {"王奶奶": "ok"}
    assert len(building.calls_to(home)) == 1
    wait_for(lambda: cases_of(building, "王奶奶")[0].state == CaseState.ACCEPTED, "somebody to go and look")


def test_somebody_unknown_leaves_a_message_that_becomes_ours_and_the_office_takes_it(building):
    building.responder(ACCEPTS, "办公室", role="社区办公室")
    building.home(NEVER, "王奶奶")
    building.settle()
    before = len(messages())
    building.until_ended(building.dial(None, SILENCE))
    wait_for(lambda: len(messages()) == before + 1, "the case of the message")
    case = messages()[-1]
    assert (case.resident_id, case.caller) == (None, "withheld")
    with reading() as session:
        kept = session.get_one(Recording, case.recording_id)
    wait_for(lambda: _state(kept.id) == RecordingState.KEPT, "our own copy")
    with reading() as session:
        assert telephone.sound(session, kept.id).startswith(b"RIFF")
    settings = building.around.service.settings
    assert requests.get(
        f"{settings.public_url}/today/messages/{kept.id}.wav", timeout=PATIENCE_SECONDS
    ).content.startswith(b"RIFF")
    wait_for(lambda: messages()[-1].state == CaseState.ACCEPTED, "the office to take it")
    with reading() as session:
        taker = session.get_one(Responder, messages()[-1].accepted_by_id)
    assert taker.role == "office"  # of this story or, in the same neighbourhood, of another
    assert building.calls_to(taker.number)


def test_a_responder_rings_in_with_a_pin_accepts_and_later_closes(building):
    building.home(Behaviour([answer(press("3"))]), "王奶奶")
    head = building.responder(NEVER, "楼长", pin=PIN)
    building.begin()
    wait_for(lambda: building.cases(), "the case")
    building.until_ended(building.dial(head, press(f"{PIN}#"), press("1"), SILENCE))
    [case] = building.cases()
    assert case.state == CaseState.ACCEPTED
    building.until_over()
    building.until_ended(building.dial(head, press(f"{PIN}#"), press("1"), press("1")))
    [case] = building.cases()
    assert case.state == CaseState.CLOSED
    with reading() as session:
        pages = session.scalars(select(Page).where(Page.case_id == case.id)).all()
    assert "accepted" not in {page.state for page in pages}


def _state(recording_id):
    with reading() as session:
        return session.get_one(Recording, recording_id).state
