"""What people at SIP telephones do, by nothing but what they hear."""

import asyncio
import json

import pytest

from exchange.subscribers import Deed, Pick, Reception, Response, Since
from phones.log import Log
from phones.person import NETWORK_RINGS_SECONDS, RINGING, TIRED_SECONDS, Person
from phones.telephone import By, Telephone
from tests.running.turned_loop import turned

WORDS_SECONDS, PACKET_SECONDS, LOUD = 4.0, 0.02, 0.1


def press(key, after=1.5, since=Since.END):
    return Response(Deed.PRESS, key, after, since)


SILENCE, HANG_UP = Response(Deed.SILENCE), Response(Deed.HANG_UP, after=2.0, since=Since.START)


class ScriptedTelephone(Telephone):
    """A line on which a test speaks."""

    def __init__(self):
        super().__init__("call-1", "+861")
        self.did, self.words = [], None

    def _now(self):
        return round(asyncio.get_running_loop().time(), 1)

    def ring(self):
        self.did.append(("ring", self._now()))

    def answer(self):
        self.did.append(("answer", self._now()))
        self.answered.set_result(None)

    def refuse(self, status):
        self.did.append((status, self._now()))
        self.is_over(By.NETWORK, status)

    def press(self, key):
        self.did.append((key, self._now()))
        if self.words:
            self.words.cancel()

    def say(self, seconds):
        self.did.append(("say", self._now()))

    def hang_up(self):
        self.did.append(("hang up", self._now()))
        self.is_over(By.PERSON)

    async def speaks(self, seconds=WORDS_SECONDS, pause=0.0):
        """Words as the network carries them; a key cuts them."""
        await asyncio.sleep(pause)
        self.words = asyncio.ensure_future(self._packets(seconds))
        await asyncio.wait({self.words})

    async def _packets(self, seconds):
        for _ in range(round(seconds / PACKET_SECONDS)):
            self.ear.hear(LOUD, asyncio.get_running_loop().time())
            await asyncio.sleep(PACKET_SECONDS)


def lived(tmp_path, reception, service=None, *, refused=False):
    """What somebody has done in a call of which ``service`` is the other side, and what was written down of it."""

    async def story():
        telephone = ScriptedTelephone()
        person = Person(telephone, reception, Log(tmp_path / "log"))
        living = asyncio.ensure_future(person.is_rung(refused=refused))
        if service:
            await telephone.answered
            await service(telephone)
            telephone.is_over(By.SERVICE)
        await living
        return telephone.did

    did = turned(story())
    return did, [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]


def answering(*responses, after=3.0):
    return Reception(Pick.ANSWER, after=after, responses=responses)


@pytest.mark.parametrize(("pick", "status"), [(Pick.BUSY, 486), (Pick.FAIL, 503)])
def test_a_telephone_that_is_busy_or_behind_a_network_that_fails(tmp_path, pick, status):
    did, log = lived(tmp_path, Reception(pick))
    assert did == [(status, 0.0)]
    assert (log[-1]["event"], log[-1]["by"], log[-1]["status"]) == ("ended", "network", status)


def test_a_number_that_there_is_not(tmp_path):
    assert lived(tmp_path, answering(), refused=True)[0] == [(404, 0.0)]


def test_a_telephone_that_nobody_answers_rings_until_the_network_has_enough(tmp_path):
    did, _ = lived(tmp_path, Reception(Pick.NO_ANSWER))
    assert did == [("ring", 0.0), (480, NETWORK_RINGS_SECONDS)]


def test_a_key_after_the_words_and_no_further_one(tmp_path):
    async def service(telephone):
        await telephone.speaks()
        await asyncio.sleep(3)
        await telephone.speaks(pause=0.5)
        await asyncio.sleep(6)

    did, log = lived(tmp_path, answering(press("1")), service)
    picked_up = round(3.0 * RINGING, 1)
    assert did[:2] == [("ring", 0.0), ("answer", picked_up)]
    assert did[2:] == [("1", pytest.approx(picked_up + WORDS_SECONDS + 1.5, abs=0.15))]
    assert [each["event"] for each in log] == ["answered", "words", "key", "words", "silent", "ended"]
    assert log[-1]["by"] == "service"


def test_a_key_in_the_middle_of_the_words(tmp_path):
    async def service(telephone):
        await telephone.speaks(seconds=30)
        await telephone.speaks(pause=0.6)

    did, log = lived(tmp_path, answering(press("1", after=2.0, since=Since.START)), service)
    assert did[2] == ("1", pytest.approx(3.0 * RINGING + 2.0, abs=0.15))
    assert [each["event"] for each in log] == ["answered", "words", "key", "words", "ended"]


def test_short_pauses_within_words_are_no_questions(tmp_path):
    async def service(telephone):
        for _ in range(3):
            await telephone.speaks(seconds=1, pause=0.7)
        await asyncio.sleep(2)

    did, log = lived(tmp_path, answering(press("1")), service)
    assert [what for what, _ in did] == ["ring", "answer", "1"]
    assert [each["event"] for each in log].count("words") == 1


def test_whoever_is_asked_again_because_nobody_has_heard_the_key_presses_it_again(tmp_path):
    async def service(telephone):
        for _ in range(2):
            await telephone.speaks(seconds=2)
            await asyncio.sleep(10)
        await telephone.speaks()

    did, _ = lived(tmp_path, answering(press("3"), press("1")), service)
    assert [what for what, _ in did[2:]] == ["3", "3"]


def test_silence_is_one_response_to_one_question(tmp_path):
    async def service(telephone):
        for _ in range(2):
            await telephone.speaks(seconds=2)
            await asyncio.sleep(5)

    did, log = lived(tmp_path, answering(SILENCE, press("1")), service)
    assert [what for what, _ in did[2:]] == ["1"]
    assert [each["event"] for each in log] == ["answered", "words", "silent", "words", "key", "ended"]


def test_somebody_hangs_up_in_the_middle(tmp_path):
    async def service(telephone):
        await asyncio.wait({asyncio.ensure_future(telephone.speaks(seconds=30)), telephone.closed},
                           return_when=asyncio.FIRST_COMPLETED)  # fmt: skip

    did, log = lived(tmp_path, answering(HANG_UP), service)
    assert did[2] == ("hang up", pytest.approx(3.0 * RINGING + 2.0, abs=0.15))
    assert (log[-2]["who"], log[-1]["by"]) == ("person", "person")


def test_whoever_hears_nothing_at_all_hangs_up_some_time(tmp_path):
    did, log = lived(tmp_path, answering(press("1")))
    assert did[-1] == ("hang up", pytest.approx(3.0 * RINGING + TIRED_SECONDS, abs=0.15))
    assert log[-2]["who"] == "tired"


def test_a_machine_speaks_listens_and_hangs_up_and_presses_nothing(tmp_path):
    did, log = lived(tmp_path, Reception(Pick.MACHINE, after=3.0, say_seconds=6.0))
    assert did[2:] == [("say", 1.0), ("hang up", 32.0)]
    assert (log[0]["by"], log[1]["who"]) == ("machine", "machine")


def test_a_tone_that_says_one_moment_please_is_no_word(tmp_path):
    async def service(telephone):
        await telephone.speaks()
        await telephone.speaks(seconds=0.7, pause=2.3)
        await telephone.speaks(pause=2.3)
        await asyncio.sleep(5)

    did, log = lived(tmp_path, answering(press("9"), press("9")), service)
    (first, first_at), (second, second_at) = did[2:]
    assert (first, second) == ("9", "9")
    assert second_at - first_at > WORDS_SECONDS
    assert [each["event"] for each in log].count("words") == 2
