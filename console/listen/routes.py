"""The page on which a whole call is told and played, step by step, before anybody is rung."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode, urlsplit

from fastapi import APIRouter, Query, Request, Response

from console.listen.conversations import FIRST, Conversation, Wanted, conversation, notices_to_hear
from console.listen.samples import SAMPLES
from console.listen.walk import INSTEAD, KEYS, MOST_EXCHANGES, Exchange, walk
from console.shell import pages
from core import settings
from core.errors import UserError
from core.i18n import Language
from core.storage.database import reading
from ivr.dialogue.catalogue import MELODY, words
from ivr.dialogue.engine import Dialogue, Prompt
from ivr.ports.provider import Sound
from ivr.provider.station import station

PAGE = "/listen"
router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Said:
    """One prompt: its key, its words (None for the melody), whether it is said slower, and where its sound is.

    Without a ``sound`` the provider's own voice says it.
    """

    key: str
    words: str | None
    slower: bool
    sound: str | None


@dataclass(frozen=True)
class Told:
    """One exchange as the page tells it; ``done`` is the deed's name, a key's its digit."""

    done: str | None
    facts: Sequence[str]
    said: Sequence[Said]


@dataclass(frozen=True)
class Doable:
    """Something that can be done next, and the address of the page after it."""

    name: str
    address: str


@router.get(PAGE)
def listen(
    request: Request,
    call: str = FIRST,
    spoken: Language | None = None,
    resident: str = "",
    done: Annotated[str, Query(max_length=MOST_EXCHANGES * 20)] = "",
) -> Response:
    """A call as far as what was ``done`` in it; ``done`` are keys and other deeds with commas between them."""
    wanted = Wanted(call, spoken or settings.current().language, resident.strip())
    deeds = [each for each in done.split(",") if each]
    mistake: UserError | None = None
    with reading() as session:
        notices = notices_to_hear(session)
        try:
            chosen = conversation(session, wanted)
        except UserError as refusal:
            mistake, chosen = refusal, conversation(session, Wanted(FIRST, wanted.spoken))
    shown = _shown(chosen, wanted, deeds) if mistake is None else _shown(chosen, Wanted(FIRST, wanted.spoken), [])
    return pages.page(request, "listen.html", mistake=mistake, wanted=wanted, calls=tuple(SAMPLES), notices=notices,
                      back=_address(wanted, deeds[:-1]), again=_address(wanted, []), **shown)  # fmt: skip


def _shown(chosen: Conversation, wanted: Wanted, deeds: Sequence[str]) -> dict[str, Any]:
    walked = walk(chosen.dialogue, deeds)
    made = [each.done for each in walked.exchanges if each.done]
    doable = {each: _address(wanted, [*made, each]) for each in walked.choices}
    return {
        "dialogue": chosen.dialogue,
        "told": [_told(each, chosen) for each in walked.exchanges],
        "keys": [Doable(key, doable[key]) for key in KEYS if key in doable],
        "deeds": [Doable(_label(name), address) for name, address in doable.items() if name[0] not in KEYS + INSTEAD],
        "instead": [Doable(_label(name), address) for name, address in doable.items() if name[0] == INSTEAD],
        "made": made,
        "over": walked.is_over,
    }


def _told(exchange: Exchange, chosen: Conversation) -> Told:
    sounds = station().speaker.aloud(exchange.said, chosen.dialogue, chosen.overlay)
    said = [_said(prompt, chosen.dialogue, urlsplit(sound.url).path if isinstance(sound, Sound) else None)
            for prompt, sound in zip(exchange.said, sounds, strict=True)]  # fmt: skip
    return Told(exchange.done and _label(exchange.done), [fact.name for fact in exchange.facts], said)


def _label(done: str) -> str:
    """How a deed is named on the page: its step's own name where the service goes on by itself."""
    return f"{INSTEAD}{done[1:].partition('-')[0]}" if done.startswith(INSTEAD) else done


def _said(prompt: Prompt, dialogue: Dialogue, sound: str | None) -> Said:
    text = None if prompt.key == MELODY.key else words(prompt, dialogue.language)
    return Said(prompt.key, text, prompt.slower, sound)


def _address(wanted: Wanted, deeds: Sequence[str]) -> str:
    fields = {"call": wanted.name, "spoken": wanted.spoken.value, "resident": wanted.resident, "done": ",".join(deeds)}
    return f"{PAGE}?{urlencode({name: value for name, value in fields.items() if value})}#now"
