"""A caller never waits for our database: what cannot be stored within seconds is asked again, kindly.

1. Whatever is to be stored is tried in a thread of its own, in a unit of work that fails rather than waits. 2. Until it
is stored the caller hears a kind sentence and the provider asks again after a pause; the key that was pressed travels
in that address. 3. After the last try the caller hears an apology. A key is then kept on this machine's disk until it
can be stored (``ivr.webhooks.spooled_answers``), and its call is one that a person has to look at.
"""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import settings
from core.i18n import Language
from core.storage.database import store
from core.storage.fairness import Turn
from ivr.dialogue.engine import Prompt
from ivr.ports.provider import Hangup, Pause, Utterance
from ivr.ports.turn_url import TurnAddress
from ivr.prompts import offline_prompts
from ivr.provider.station import station

log = logging.getLogger(__name__)
ANSWER_WITHIN_SECONDS = 6.0
"""The provider hangs up on a webhook after 15 s; whoever listens has hung up long before."""
PAUSES = (2, 3, 5, 7)
"""Seconds of quiet before each further try; with what is said and waited about half a minute in all."""
THREADS = 16
"""Twice as many as share a commit: the next group gathers while one is being stored."""
_T = TypeVar("_T")
REPORT_THREADS = 8
_storing = {
    Turn.ANSWER: ThreadPoolExecutor(THREADS, thread_name_prefix="webhook"),
    Turn.REPORT: ThreadPoolExecutor(REPORT_THREADS, thread_name_prefix="report"),
}
"""Reports that wait for the database take no thread, and no connection, from whoever listens."""
_spoken: Language | None = None


def speak(language: Language) -> None:
    """From now on callers of whom nothing can be looked up hear this language, the community's."""
    global _spoken
    _spoken = language


async def stored(work: Callable[[Session], _T], turn: Turn = Turn.ANSWER) -> _T:
    """The result of ``work`` once its unit of work has committed; a report lets everything else go first.

    Raises whatever kept it from being stored, and ``TimeoutError`` after ``ANSWER_WITHIN_SECONDS``; should the commit
    still come then, it is as if the request had been repeated.
    """
    storing = _storing[turn].submit(_store, work, turn)
    try:
        return await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(storing)), ANSWER_WITHIN_SECONDS)
    except TimeoutError:
        storing.cancel()
        raise


def once_more(address: TurnAddress, key: str) -> str | None:
    """A kind sentence, a pause and the same question again; None when it was asked often enough."""
    if address.tries >= len(PAUSES):
        return None
    return _ask_again(PAUSES[address.tries], address.next_try(key).path(), address)


def hold(path: str, tries: str) -> str | None:
    """The same for a call that comes in: asks ``path`` again; ``tries`` is its query's count of failures."""
    failed = int(tries) if tries in {str(each) for each in range(len(PAUSES) + 1)} else 0
    return None if failed >= len(PAUSES) else _ask_again(PAUSES[failed], f"{path}?try={failed + 1}", None)


def farewell(said: Prompt, address: TurnAddress | None = None) -> str:
    """``said``, and the end of the call."""
    return station().telephony.render(Hangup(_said(said, address)))


def _ask_again(seconds: int, path: str, address: TurnAddress | None) -> str:
    utterances = (*_said(offline_prompts.MOMENT, address), Pause(seconds))
    return station().telephony.render_redirect(utterances, station().url(path))


def _said(prompt: Prompt, address: TurnAddress | None) -> tuple[Utterance, ...]:
    language = (address and address.language) or _spoken or settings.current().language
    return (station().speaker.say(prompt, language),)


def _store(work: Callable[[Session], _T], turn: Turn) -> _T:
    """Two reports of one thing at the same moment: the one that came second finds what the first has stored."""
    try:
        return store(work, turn)
    except IntegrityError:
        log.info("something was stored by two at once", exc_info=True)
        return store(work, turn)
