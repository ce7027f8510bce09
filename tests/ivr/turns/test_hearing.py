"""What was heard is understood again from the address of a further try, whatever the provider calls a recording."""

import pytest

from core.i18n import Language
from core.ids import new_id
from ivr.dialogue.engine import Heard, Meaning, Sound
from ivr.models import Ending
from ivr.ports.events import Keys, LegReport, RecordingReport, Words
from ivr.ports.turn_url import MESSAGE_TURN, TurnAddress
from ivr.turns.hearing import carried, heard

CALL = new_id()
FIRST_TRY = TurnAddress(CALL, 1, language=Language.CHINESE)
TOLD = [
    (Keys("3"), Heard(Sound.KEY, "3")),
    (Keys("1w3"), Heard(Sound.DIGITS, "13")),
    (Keys(""), Heard(Sound.SILENCE)),
    (Keys("hangup"), Heard(Sound.SILENCE)),
    (Words("我很好", 0.9), Heard(Sound.SPEECH, Meaning.WELL)),
    (LegReport("CA1", Ending.COMPLETED, was_connected=True), Heard(Sound.CONNECTED)),
    (LegReport("CA1", Ending.BUSY, was_connected=False), Heard(Sound.NOT_CONNECTED)),
    (RecordingReport("RE" + "1" * 32, 0), Heard(Sound.RECORDING, "RE" + "1" * 32)),
    (RecordingReport("tape-1", 0), Heard(Sound.RECORDING, "tape-1")),
    (RecordingReport("123", 0), Heard(Sound.RECORDING, "123")),
]


@pytest.mark.parametrize(("told", "meant"), TOLD, ids=str)
def test_what_a_turn_tells_is_heard_now_and_at_every_further_try(told, meant):
    assert heard(FIRST_TRY, told) == meant
    again = TurnAddress.found_in("https://us.example" + FIRST_TRY.next_try(carried(meant)).path())
    assert heard(again, Keys("")) == meant


def test_a_recording_that_an_earlier_version_has_put_into_an_address_is_one():
    assert heard(FIRST_TRY.next_try("RE" + "1" * 32), Keys("")) == Heard(Sound.RECORDING, "RE" + "1" * 32)


@pytest.mark.parametrize("carried_key", ["recording:", "recording:../..", "RE1", "recording", "x"])
def test_what_names_no_recording_is_silence(carried_key):
    assert heard(FIRST_TRY.next_try(carried_key), Keys("1")) == Heard(Sound.SILENCE)


def test_nothing_can_have_been_pressed_before_anything_was_said_nor_by_a_machine_that_is_left_a_message():
    assert heard(TurnAddress(CALL, 0), Keys("1")) == Heard(Sound.ANSWERED)
    assert heard(TurnAddress(CALL, MESSAGE_TURN), Keys("1")) == Heard(Sound.MACHINE)
