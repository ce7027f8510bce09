"""A call that was picked up: what the service says is played to whoever listens, keys are reported back."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urljoin

from exchange.calls.bridging import told
from exchange.calls.calls import Call, CallStatus, EndedBy
from exchange.calls.taping import Studio, Taping
from exchange.errors import DOCUMENT_INVALID, WEBHOOK_FAILED, WEBHOOK_UNREACHABLE, WRONG_CONTENT_TYPE, CallError
from exchange.log import Log
from exchange.messages import By, Other
from exchange.parties.ear import Ear, FinishingKey
from exchange.parties.overheard import Stretch
from exchange.parties.person import Handset, Party
from exchange.parties.recordings import BEEP_SECONDS
from exchange.sound import Sounds
from exchange.tempo import Tempo
from exchange.twiml import reader, verbs
from exchange.twiml.verbs import (
    Beep,
    Dial,
    Gather,
    Hangup,
    Pause,
    Play,
    Prompts,
    Record,
    Redirect,
    Reject,
    Say,
    Utterance,
    Verb,
)
from exchange.webhooks.callbacks import Callbacks, Kind, Webhook

SECONDS_PER_CJK_CHARACTER = 0.35
SECONDS_PER_WORD = 0.35
XML_TYPES = frozenset({"text/xml", "application/xml"})
CONFIDENCE = "0.9"
"""How sure this exchange is of every word: nobody mumbles here."""
APOLOGY = "We are sorry, an application error has occurred. Goodbye."
_FIRST_CJK = "\u2e80"
_REJECTED = {verbs.Reason.REJECTED: CallStatus.NO_ANSWER, verbs.Reason.BUSY: CallStatus.BUSY}


@dataclass(frozen=True)
class Ending:
    """How a call ended, and through whom. ``is_open``: the document was carried out to its end, and did not hang up."""

    status: CallStatus
    by: EndedBy
    is_open: bool = False


@dataclass(frozen=True)
class Question:
    """The next request to the service: what to say now?"""

    kind: Kind
    webhook: Webhook
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Surroundings:
    """What a conversation needs of the exchange."""

    tempo: Tempo
    log: Log
    callbacks: Callbacks
    sounds: Sounds
    studio: Studio


class Conversation:
    """One call's conversation. ``answer`` is called when the service takes a call that rings (an inbound one)."""

    def __init__(
        self,
        call: Call,
        party: Party,
        around: Surroundings,
        params: Callable[[], Mapping[str, str]],
        answer: Callable[[], None],
        hang_up: Callable[[], None],
        connect: Callable[[Dial, Party, Handset], Awaitable[Call]],
    ) -> None:
        self._call = call
        self._party = party
        self._around = around
        self._params = params
        self._answer = answer
        self._connect = connect
        self._handset = Handset(self._press, hang_up, self._say)
        self._ear: Ear | FinishingKey | None = None
        self._turn: int | None = None
        self._gathers = 0
        self._has_hung_up = False
        self._course: asyncio.Task[Ending] | None = None
        self._redirected: Webhook | None = None
        self._asked = ""

    async def run(self, first: Kind) -> Ending:
        """Carries the conversation to its end; what fails goes on at the fallback address or ends with an apology."""
        if self._call.status is CallStatus.IN_PROGRESS:
            self._party.picked_up(self._handset)
        else:
            self._party.dials(self._handset)
        if self._call.orders.voice is None:
            return Ending(CallStatus.COMPLETED, EndedBy.SERVICE, is_open=True)
        question = Question(first, self._call.orders.voice)
        while True:
            self._course = self._call.tasks.start(self._follow(question))
            await asyncio.wait({self._course})
            if not self._course.cancelled() or self._redirected is None:
                return self._course.result()
            question, self._redirected = Question(Kind.VOICE, self._redirected), None

    def redirect(self, voice: Webhook) -> None:
        """Leaves everything and goes on with what ``voice`` says."""
        self._redirected = voice
        if self._course is not None:
            self._course.cancel()
        self._party.interrupted()

    async def _follow(self, question: Question) -> Ending:
        try:
            return await self._carry_on(question)
        except CallError as error:
            self._note(error)
            told = {"ErrorCode": str(error.code), "ErrorUrl": self._asked}
        if self._call.orders.fallback is not None:
            try:
                return await self._carry_on(Question(Kind.VOICE, self._call.orders.fallback, told))
            except CallError as error:
                self._note(error)
        return await self._apologise()

    def connected(self, other: Other) -> None:
        """The subscriber is heard by another one, and no longer by the service."""
        self._party.connected(self._handset, other)

    async def _carry_on(self, question: Question | None) -> Ending:
        while question is not None:
            verbs = await self._ask(question)
            if self._call.status is CallStatus.RINGING and verbs and isinstance(verbs[0], Reject):
                return Ending(_REJECTED[verbs[0].reason], EndedBy.SERVICE)
            self._take_the_call()
            question = await self._perform(verbs, question.webhook.url)
        return Ending(CallStatus.COMPLETED, EndedBy.SERVICE, is_open=not self._has_hung_up)

    def _take_the_call(self) -> None:
        if self._call.status is CallStatus.RINGING:
            self._answer()
            self._party.picked_up(self._handset)

    async def _ask(self, question: Question) -> list[Verb]:
        if question.webhook.document is not None:
            return reader.parse(question.webhook.document.encode())
        params = {**self._params(), **question.params}
        around, url = self._around, question.webhook.url
        self._asked = url
        answer = await asyncio.shield(
            around.callbacks.send(question.kind, question.webhook, params, self._call.subject)
        )
        if answer.status is None:
            raise CallError(WEBHOOK_UNREACHABLE, f"{url}: {answer.failure}")
        if not 200 <= answer.status < 300:
            raise CallError(WEBHOOK_FAILED, f"{url} answered {answer.status}")
        if answer.content_type not in XML_TYPES:
            raise CallError(WRONG_CONTENT_TYPE, f"{url} answered {answer.content_type}, not XML")
        return reader.parse(answer.body)

    async def _perform(self, verbs: Sequence[Verb], base: str) -> Question | None:
        """Verb by verb until one leads elsewhere; None is the end of the call."""
        for verb in verbs:
            match verb:
                case Prompts():
                    await self._speak(verb, None)
                case Gather():
                    question = await self._gather(verb, base)
                    if question is not None:
                        return question
                case Record():
                    question = await self._record(verb, base)
                    if question is not None:
                        return question
                case Dial():
                    question = await self._dial(verb, base)
                    if question is not None:
                        return question
                case Redirect():
                    return Question(Kind.VOICE, Webhook(urljoin(base, verb.url), verb.method))
                case Hangup() | Reject():
                    self._has_hung_up = True
                    return None
        return None

    async def _gather(self, gather: Gather, base: str) -> Question | None:
        turn, self._gathers = self._gathers, self._gathers + 1
        action = urljoin(base, gather.action or "")
        self._write("gather", gather=turn, action=action, num_digits=gather.num_digits, wait=gather.wait)
        ear = await self._listen(gather, turn)
        if not (ear.digits or ear.finished_on_key or ear.words or gather.action_on_empty_result):
            return None
        keys = {"Digits": ear.digits, "FinishedOnKey": ear.finished_on_key}
        if ear.words:
            keys = {"SpeechResult": ear.words, "Confidence": CONFIDENCE}
        return Question(Kind.GATHER, Webhook(action, gather.method), keys)

    async def _listen(self, gather: Gather, turn: int) -> Ear:
        ended = asyncio.Event()
        prompts = self._call.tasks.start(self._ask_aloud(gather.prompts, turn, ended))
        self._turn = turn
        self._ear = ear = Ear(gather, lambda: self._interrupt(prompts))
        self._party.asked(self._handset, ended)
        try:
            await asyncio.wait({prompts})
            if not prompts.cancelled():
                prompts.result()
            await ear.wait(self._around.tempo)
        finally:
            prompts.cancel()
            self._ear, self._turn = None, None
            self._party.asked_no_more()
        return ear

    def _interrupt(self, prompts: asyncio.Task[None]) -> None:
        if prompts.cancel():
            self._party.interrupted()

    async def _ask_aloud(self, prompts: Prompts, turn: int, ended: asyncio.Event) -> None:
        await self._speak(prompts, turn)
        ended.set()

    def _press(self, key: str, by: By) -> None:
        ear = self._ear
        used = ear is not None and ear.wants(key)
        self._write("key", key=key, gather=self._turn if used else None, used=used, by=by)
        if ear is not None and used:
            ear.hear(key)

    def _say(self, words: str, by: By) -> None:
        ear = self._ear
        used = isinstance(ear, Ear) and ear.listens()
        self._write("words", words=words, gather=self._turn if used else None, used=used, by=by)
        if isinstance(ear, Ear) and used:
            ear.understand(words)

    async def _record(self, record: Record, base: str) -> Question | None:
        if record.play_beep:
            await self._hear(Beep(), BEEP_SECONDS)
        taping = Taping(record, base, self._call, self._around.studio, self._params)
        self._ear = taping.ear
        try:
            told = await taping.run(self._party)
        finally:
            self._ear = None
        return None if told is None else Question(Kind.RECORDING, taping.action, told)

    async def _dial(self, dial: Dial, base: str) -> Question | None:
        if self._call.parent is not None:
            raise CallError(DOCUMENT_INVALID, "<Dial> in what a <Number> hears before it is connected")
        whisper, status = (None if url is None else urljoin(base, url) for url in (dial.whisper, dial.status))
        leg = await self._connect(replace(dial, whisper=whisper, status=status), self._party, self._handset)
        if dial.action is None:
            return None
        return Question(Kind.DIAL, Webhook(urljoin(base, dial.action), dial.method), told(leg))

    async def _speak(self, prompts: Prompts, turn: int | None) -> None:
        for utterance in prompts.utterances:
            await self._utter(utterance)
        self._write("prompts.finished", gather=turn)

    async def _utter(self, utterance: Utterance) -> None:
        match utterance:
            case Play():
                seconds = await self._around.sounds.seconds(utterance.url)
                self._write("play", url=utterance.url, seconds=round(seconds, 3))
                await self._hear(utterance, seconds * utterance.loop)
            case Say():
                self._write("say", text=utterance.text, language=utterance.language)
                await self._hear(utterance, spoken_seconds(utterance.text) * utterance.loop)
            case Pause():
                await self._hear(utterance, utterance.seconds)

    async def _hear(self, utterance: Utterance | Beep, seconds: float) -> None:
        self._party.hears(utterance, seconds)
        tempo, url = self._around.tempo, utterance.url if isinstance(utterance, Play) else None
        began = tempo.now()
        try:
            await tempo.sleep(seconds)
        finally:
            self._call.heard.append(Stretch(began, min(seconds, tempo.now() - began), url))

    async def _apologise(self) -> Ending:
        self._take_the_call()
        await self._utter(Say(APOLOGY, "en", 1))
        return Ending(CallStatus.COMPLETED, EndedBy.NETWORK)

    def _note(self, error: CallError) -> None:
        self._write("error", code=error.code, what=error.what)

    def _write(self, event: str, **fields: object) -> None:
        self._around.log.write(event, self._call.subject, **fields)


def spoken_seconds(text: str) -> float:
    """About how long the exchange's own voice speaks: by the character in Chinese, by the word elsewhere."""
    characters = sum(character >= _FIRST_CJK for character in text)
    words = "".join(" " if character >= _FIRST_CJK else character for character in text).split()
    return characters * SECONDS_PER_CJK_CHARACTER + len(words) * SECONDS_PER_WORD
