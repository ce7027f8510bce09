"""Voicing: whether calls that wait can be heard, looked at before any transaction, and their sounds made beside it.

Calls whose dialogues differ only in whom they are about sound alike: what one of them needs is looked up once for all.
"""

import logging
import re
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from time import monotonic
from uuid import UUID

from core import clock
from core.running.wakeups import wake_now
from ivr.dispatch import calls, prerender
from ivr.dispatch.call_dialogues import dialogue_kept
from ivr.listener import overlay_from
from ivr.models import Urgency, band
from ivr.prompts.lacking import Lacking
from ivr.provider.station import MOUTHS, station
from ivr.queries import Unvoiced

log = logging.getLogger(__name__)

VOICE_WITHIN_SECONDS = 60.0
"""Real seconds that a routine call waits for our own voice; then the provider's speaks."""
BEST_WITHIN_SECONDS = 45.0
"""Real seconds that it waits for the best of our voices where another one can say everything: a round of new residents
rings within a minute."""
LEAST_PATIENCE_SECONDS = 5.0
FORGOTTEN_SECONDS = 3600.0
"""Real seconds after which nobody asks any more what became of the sounds of a call."""
READY_SECONDS = 10.0
"""Real seconds in which sounds that were found are not looked for again."""
MOST_ALIKE = 256
_SUBJECT = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""Whom a dialogue is about: nobody says that aloud."""


class Voices:
    """Makes the sounds of calls that wait, routine ones apart from alerts. One thread at a time looks.

    The quickest of our voices says what nothing can say yet, beside the best one, which takes its time.
    """

    def __init__(self) -> None:
        self._makers = {urgency: ThreadPoolExecutor(MOUTHS, thread_name_prefix="voicing") for urgency in Urgency}
        self._quick = {urgency: ThreadPoolExecutor(MOUTHS, thread_name_prefix="voicing-quickly") for urgency in Urgency}
        self._made: dict[UUID, _Making] = {}
        self._found: OrderedDict[str, float] = OrderedDict()
        self._verdicts: dict[UUID, _Verdict] = {}

    def look(self, waiting: Sequence[UUID], load: Callable[[Sequence[UUID]], Sequence[Unvoiced]]) -> None:
        """Looks at those of the calls that were not found ready a moment ago; ``load`` reads them."""
        fresh = monotonic() - READY_SECONDS
        before = {call_id: its for call_id in waiting if (its := self._verdicts.get(call_id)) and its.ready_at > fresh}
        unknown = [call_id for call_id in waiting if call_id not in before]
        self._verdicts = before | {each.call_id: self._verdict(each) for each in (load(unknown) if unknown else ())}

    def is_ready(self, call_id: UUID) -> bool:
        """A routine call waits until everything it may say has a sound; an alert rings while that is made.

        It waits for ``VOICE_WITHIN_SECONDS`` at most, or for ``BEST_WITHIN_SECONDS`` where a simpler voice of ours can
        speak, and not at all for a voice that was silent when last asked: then the provider's speaks, and ours is tried
        beside that. Raises for a call that makes no sense. One that nobody has looked at is not ready.
        """
        verdict = self._verdicts.get(call_id, _NOT_READY)
        if verdict.senseless is not None:
            raise verdict.senseless
        return verdict.ready_at > 0

    def close(self) -> None:
        """Makes no more sounds."""
        for maker in (*self._quick.values(), *self._makers.values()):
            maker.shutdown(cancel_futures=True)

    def _verdict(self, call: Unvoiced) -> "_Verdict":
        try:
            return _Verdict(monotonic()) if self._is_voiced(call) else _NOT_READY
        except Exception as senseless:  # noqa: BLE001 - whoever claims the call says it, and a person looks after it
            return _Verdict(0.0, senseless)

    def _is_voiced(self, call: Unvoiced) -> bool:
        alike = f"{call.dialogue_digest.hex()}{_SUBJECT.sub('', call.particulars)}{call.overlay}"
        if monotonic() - self._found.get(alike, -READY_SECONDS) < READY_SECONDS:
            self._made.pop(call.call_id, None)
            return True
        lacking = self._lacking(call)
        if lacking.is_ready():
            self._note_found(alike)
            self._made.pop(call.call_id, None)
            return True
        return self._goes_unvoiced(call, lacking)

    def _lacking(self, call: Unvoiced) -> Lacking:
        """What the call may say is worked out once, unless it was made to say something else meanwhile."""
        making = self._made.get(call.call_id)
        if making and making.call == call:
            return making.lacking
        return prerender.lacking(dialogue_kept(call.dialogue_digest, call.particulars), overlay_from(call.overlay))

    def _note_found(self, alike: str) -> None:
        self._found[alike] = monotonic()
        self._found.move_to_end(alike)
        if len(self._found) > MOST_ALIKE:
            self._found.popitem(last=False)

    def _goes_unvoiced(self, call: Unvoiced, lacking: Lacking) -> bool:
        making = self._made.get(call.call_id) or self._begin(call, lacking)
        if band(call.urgency) is Urgency.ALERT or making.result.done() or prerender.own_voice.is_silent:
            return True
        quiet = station().speaker.seconds_quiet()
        if monotonic() - making.since <= _patience(lacking):
            return False
        log.warning("call %s does not wait any longer for our own voice", call.call_id)
        if quiet > VOICE_WITHIN_SECONDS:
            prerender.own_voice.failed(f"no sound within {VOICE_WITHIN_SECONDS:.0f} s")
        return True

    def _begin(self, call: Unvoiced, lacking: Lacking) -> "_Making":
        self._made = {call_id: each for call_id, each in self._made.items() if not each.is_forgotten}
        its = band(call.urgency)
        urgent = its is Urgency.ALERT
        self._quick[its].submit(_make, prerender.prepare_quickly, lacking, urgent)
        best = self._makers[its].submit(_make, prerender.prepare, lacking, urgent)
        self._made[call.call_id] = making = _Making(best, monotonic(), call, lacking)
        return making


def _patience(lacking: Lacking) -> float:
    """Real seconds; what another of our voices can say waits no minute of a clock that runs faster for the best one."""
    if not lacking.is_audible():
        return VOICE_WITHIN_SECONDS
    return max(LEAST_PATIENCE_SECONDS, BEST_WITHIN_SECONDS / max(1.0, clock.anchor().speed))


@dataclass(frozen=True)
class _Verdict:
    """When (monotonic) a call was found ready, 0 for never; ``senseless`` is what is wrong with one that is no call."""

    ready_at: float
    senseless: Exception | None = None


_NOT_READY = _Verdict(0.0)


@dataclass(frozen=True)
class _Making:
    """The sounds of one call, asked for at ``since`` (monotonic)."""

    result: Future[None]
    since: float
    call: Unvoiced
    lacking: Lacking

    @property
    def is_forgotten(self) -> bool:
        """Whether its call has long been placed."""
        return self.result.done() and monotonic() - self.since > FORGOTTEN_SECONDS


def _make(prepare: Callable[..., None], lacking: Lacking, urgent: bool) -> None:
    prepare(lacking, urgent=urgent)
    wake_now(calls.DIALLING)
