"""What a round of tomorrow says is made while nobody is on the telephone, and never twice."""

from datetime import timedelta

import numpy as np
import pytest
from sqlalchemy import update

from audio.sound.telephone import as_ulaw
from campaigns.changes import new_campaigns, round_starts
from campaigns.models import Campaign, CampaignKind, CheckIn
from campaigns.rounds import attempts, clips_ahead
from campaigns.rounds.clips_ahead import HORIZON, ClipsAhead
from contacts import queries as contacts
from contacts.people import absences
from core import actors, clock
from core.storage import database
from ivr.dispatch import calls
from ivr.models import Call, CallState
from ivr.provider.station import station
from tests import voices
from tests.campaigns.mornings import HOME, MOBILE, campaign, start
from tests.switchboard import resident, rows

FILE = as_ulaw(np.full(800, 0.1, dtype=np.float32))


@pytest.fixture
def spoken(monkeypatch):
    """What the voice has been asked to say, in order."""
    said = []

    def speak(self, speech, words, urgent):
        said.append(speech.text)
        return self._store.put(speech.digest, FILE)

    monkeypatch.setattr(voices.Mute, "_spoken", speak)
    return said


def tomorrow(**plan):
    """A campaign that rings everybody in an hour; a notice whose message is told then."""
    campaign_id = campaign(**plan)
    with database.unit_of_work() as session:
        session.get_one(Campaign, campaign_id).next_round_at = clock.now() + timedelta(hours=1)
    return campaign_id


def all_made(clips):
    while not clips.make():
        pass


def ready(call):
    return station().speaker.is_ready(calls.dialogue_of(call), calls.overlay_of(call))


def test_the_calls_of_the_first_round_wait_for_no_clip(switchboard, spoken):
    for index, name in enumerate(("王奶奶", "李爷爷", "张阿姨")):
        resident(name, f"+863118600010{index}", room=str(index))
    campaign_id = tomorrow()
    assert ClipsAhead().make()
    made = len(spoken)
    assert {name for name in ("王奶奶", "李爷爷", "张阿姨") if any(name in text for text in spoken)} == {
        "王奶奶", "李爷爷", "张阿姨"
    }  # fmt: skip
    start(campaign_id)
    database.write(attempts.queue_due)
    assert [ready(call) for call in rows(Call)] == [True] * 3
    assert len(spoken) == made


def test_a_process_that_begins_anew_makes_nothing_twice(switchboard, spoken):
    resident("王奶奶", HOME)
    tomorrow()
    clips = ClipsAhead()
    assert clips.make()
    made = list(spoken)
    assert made
    assert clips.make()
    assert ClipsAhead().make()
    assert spoken == made


def test_whoever_is_enrolled_later_is_looked_after_too(switchboard, spoken):
    resident("王奶奶", HOME)
    tomorrow()
    clips = ClipsAhead()
    assert clips.make()
    resident("李爷爷", MOBILE, room="202")
    with database.unit_of_work() as session:
        clips_ahead.events.append(session, actors.system(), "contacts.imported")
    assert clips.make()
    assert any("李爷爷" in text for text in spoken)


@pytest.mark.parametrize("state", [CallState.PLACED, CallState.QUEUED])
def test_it_gives_way_to_every_call_that_is_under_way_or_due(switchboard, spoken, state):
    resident("王奶奶", HOME)
    tomorrow()
    other = campaign_of_now()
    with database.unit_of_work() as session:
        session.execute(update(Call).values(state=state, due_at=clock.now()))
    assert not ClipsAhead().make()
    assert spoken == []
    with database.unit_of_work() as session:
        session.execute(update(Call).values(state=CallState.ENDED))
    all_made(ClipsAhead())
    assert spoken
    assert other


def campaign_of_now():
    with database.unit_of_work() as session:
        chosen = new_campaigns.create_campaign(session, actors.system(), "现在", flags=None)
        chosen.next_round_at = None
        round_starts.start_now(session, actors.system(), chosen)
    database.write(attempts.queue_due)
    return rows(CheckIn)


def test_it_stops_between_two_clips_when_a_telephone_is_to_ring(switchboard, spoken, monkeypatch):
    resident("王奶奶", HOME)
    tomorrow()
    monkeypatch.setattr(clips_ahead, "_is_busy", lambda: len(spoken) >= 2)
    assert not ClipsAhead().make()
    assert len(spoken) == 2


def test_only_so_much_is_made_at_once(switchboard, spoken):
    resident("王奶奶", HOME)
    tomorrow()
    assert not ClipsAhead().make(seconds=0.0)
    assert spoken == []


def test_whoever_shares_a_telephone_is_asked_together_and_may_be_asked_alone_later(switchboard, spoken):
    both = [resident(name, HOME) for name in ("王奶奶", "李爷爷")]
    campaign_id = tomorrow()
    assert ClipsAhead().make()
    made = len(spoken)
    with database.unit_of_work() as session:
        people = [contacts.resident(session, each) for each in both]
        found = session.get_one(Campaign, campaign_id)
        for asked in (people, people[:1], people[1:]):
            dialogue = attempts.asking(session, found, asked)[1]
            assert station().speaker.is_ready(dialogue), [each.called for each in asked]
    assert len(spoken) == made


def test_the_message_of_a_notice_is_made_ahead(switchboard, spoken):
    resident("王奶奶", HOME)
    tomorrow(kind=CampaignKind.NOTICE, message="周六上午停水。")
    assert ClipsAhead().make()
    assert any("周六上午停水" in text for text in spoken)


def test_nothing_is_made_for_whoever_is_away_or_for_rounds_that_are_far_away(switchboard, spoken):
    person = resident("王奶奶", HOME)
    campaign_id = tomorrow()
    with database.unit_of_work() as session:
        today = clock.now().date()
        absences.pause(session, actors.user("田主任"), person, today, today + timedelta(days=3), "")
    assert ClipsAhead().make()
    assert not any("王奶奶" in text for text in spoken)
    with database.unit_of_work() as session:
        session.get_one(Campaign, campaign_id).next_round_at = clock.now() + HORIZON + timedelta(hours=1)
    resident("李爷爷", MOBILE, room="202")
    assert ClipsAhead().make()
    assert spoken == []


def test_somebody_whose_call_cannot_be_made_holds_nobody_up(switchboard, spoken, monkeypatch, caplog):
    for index, name in enumerate(("王奶奶", "李爷爷")):
        resident(name, f"+863118600010{index}", room=str(index))
    tomorrow()
    asking = attempts.asking_document

    def fails(session, its_campaign, people, message):
        if people[0].called == "王奶奶":
            raise RuntimeError("this dialogue is broken")
        return asking(session, its_campaign, people, message)

    monkeypatch.setattr(attempts, "asking_document", fails)
    assert ClipsAhead().make()
    assert any("李爷爷" in text for text in spoken)
    assert "cannot be known" in caplog.text
