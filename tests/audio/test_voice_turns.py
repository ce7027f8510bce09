"""Who waits for whom: an alert for nothing that waits itself, and what several want is spoken once."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest

from audio.clips.pieces import Joined
from audio.clips.speech import Speech
from audio.clips.store import Clip, ClipStore
from audio.engines.engine import Engine
from audio.voice import Voice, VoiceSilentError
from tests.audio.held_voice import FIRST, HeldWorker, House, house_at, said
from tests.patience import PATIENCE_SECONDS


@pytest.fixture
def store(tmp_path: Path) -> ClipStore:
    return ClipStore(tmp_path / "clips")


@pytest.fixture
def house(store: ClipStore, tmp_path: Path) -> Iterator[House]:
    with house_at(store, tmp_path) as house:
        yield house


def named_alike(speech: Speech) -> Speech:
    """Another one whose digest begins as that of this one."""
    others = (said(f"{speech.text}第{'好' * number}") for number in count(1))
    return next(each for each in others if each.digest[:2] == speech.digest[:2])


def heard_all(asked: Sequence[Future[Clip]]) -> None:
    for each in asked:
        assert each.result(PATIENCE_SECONDS).path.exists()


def test_an_alert_comes_before_the_same_clip_of_a_routine_call_that_waits(house: House) -> None:
    shared, other = said("请您过去看看"), said("您今天好吗")
    asked = [house.asks(other, waiting=1), house.asks(shared, waiting=2)]
    asked.append(house.asks(shared, urgent=True, waiting=3))
    house.worker.let_go()
    heard_all(asked)
    assert house.worker.orders == [FIRST, shared.text, other.text]


def test_an_alert_comes_before_a_clip_of_a_routine_call_whose_digest_begins_alike(house: House) -> None:
    alert, other = said("请您过去看看"), said("您今天好吗")
    alike = named_alike(alert)
    asked = [house.asks(other, waiting=1), house.asks(alike, waiting=2), house.asks(alert, urgent=True, waiting=3)]
    house.worker.let_go()
    heard_all(asked)
    assert house.worker.orders == [FIRST, alert.text, other.text, alike.text]


def test_an_alert_is_spoken_without_a_routine_sentence_between_two_of_its_own(house: House) -> None:
    shared, other = said("这里是早安电话"), said("您今天好吗")
    asked = [house.asks(other, waiting=1), house.asks(Joined((shared, said("张奶奶您好"))), waiting=2)]
    with house.voice.reserved([Engine.NEURAL]):
        alert = house.asks(Joined((shared, said("李奶奶需要人"))), urgent=True, waiting=3)
        house.worker.let_go()
        heard_all([alert])
        assert house.worker.orders == [FIRST, shared.text, "李奶奶需要人"]
    heard_all(asked)


def test_a_sentence_that_many_calls_share_is_spoken_once(house: House) -> None:
    shared = said("这里是早安电话")
    greetings = [Joined((shared, said(f"{name}奶奶您好"))) for name in "王李张刘"]
    asked = [house.asks(each, waiting=number) for number, each in enumerate(greetings, 1)]
    house.worker.let_go()
    heard_all(asked)
    assert house.worker.orders.count(shared.text) == 1
    assert len(house.worker.orders) == 1 + 1 + len(greetings)


def test_a_sentence_that_calls_of_two_processes_share_is_spoken_once(house: House, store: ClipStore) -> None:
    """The other process waits for nothing but that sentence."""
    shared = said("这里是早安电话")
    other = HeldWorker(house.worker.folder / "other")
    other.folder.mkdir()
    other.let_go()
    with closing(Voice(store, timeout_seconds=PATIENCE_SECONDS, worker=other.command)) as theirs:
        asked = house.asks(Joined((shared, said("王奶奶您好"))), waiting=1)
        theirs.render(Joined((shared, said("李奶奶您好"))))
        house.worker.let_go()
        heard_all([asked])
    assert (other.orders, house.worker.orders) == ([shared.text, "李奶奶您好"], [FIRST, "王奶奶您好"])


def test_an_engine_that_was_silent_is_not_asked_by_those_who_have_waited_for_it_meanwhile(house: House) -> None:
    asked = [house.asks(said(text), waiting=number) for number, text in enumerate(("请您过去看看", "您今天好吗"), 1)]
    house.worker.let_go(dying_of="no voice")
    assert [type(each.exception(PATIENCE_SECONDS)) for each in asked] == [VoiceSilentError] * 2
    assert house.worker.orders == [FIRST] * 2
