"""Whose words are made first: all those of an alert, before those of routine calls and of who listens at a page."""

from audio.clips.clip_addresses import ClipAddresses
from audio.clips.store import ClipStore
from audio.engines.engine import Engine
from core.i18n import Language
from ivr.dialogue.catalogue import words
from ivr.dialogue.engine import Dialogue, End, Prompt
from ivr.prompts.speaker import Speaker
from tests.audio.held_voice import FIRST, house_at
from tests.patience import PATIENCE_SECONDS

GREETING = Prompt(key="check_in.greeting", words={"called": "王奶奶", "community": "槐东社区"})
OK, RING_AGAIN = Prompt(key="check_in.ok"), Prompt(key="call.ring_again")


def dialogue(*prompts: Prompt) -> Dialogue:
    return Dialogue(name="one", language="zh-CN", first="only", steps={"only": End(prompts=prompts)})


def test_nothing_else_is_spoken_before_all_the_words_of_an_alert_are(tmp_path) -> None:
    with house_at(ClipStore(tmp_path / "clips"), tmp_path) as house:
        speaker = Speaker(house.voice, ClipAddresses("http://here", "of this house"), engines=(Engine.NEURAL,))
        listening = house.begins(lambda: speaker.aloud([RING_AGAIN], dialogue(RING_AGAIN)), waiting=1)
        lacking = speaker.lacking(dialogue(GREETING, OK))
        alert = house.begins(lambda: list(speaker.prepare(lacking, urgent=True)), waiting=2)
        house.worker.let_go()
        assert alert.result(PATIENCE_SECONDS) == []
        listening.result(PATIENCE_SECONDS)
    told = "".join(house.worker.orders)
    assert told == FIRST + "".join(words(each, Language.CHINESE) for each in (GREETING, OK, RING_AGAIN))
