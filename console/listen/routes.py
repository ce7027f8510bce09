"""The page on which a whole call is told and played, step by step, before anybody is rung."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode, urlsplit

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BeforeValidator
from sqlalchemy.orm import Session

from console.listen.conversations import FIRST, Conversation, Wanted, campaigns_to_hear, conversation
from console.listen.samples import SAMPLES
from console.listen.walk import INSTEAD, KEYS, MOST_EXCHANGES, Exchange, walk
from console.shell import pages
from console.shell.origin import same_site
from console.shell.visitors import acting
from contacts.people import resident_changes
from contacts.people.person_lookup import find_resident
from core import settings
from core.errors import NotFoundError, UserError
from core.i18n import Language
from core.storage.database import reading, write
from core.timbre import Timbre
from ivr.dialogue.catalogue import MELODY, words
from ivr.dialogue.engine import Dialogue, Prompt
from ivr.ports.provider import Sound
from ivr.prompts.sources import Source
from ivr.prompts.speaker import Aloud
from ivr.provider.station import station

PAGE = "/listen"
VOICE = f"{PAGE}/voice"
router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Said:
    """One prompt: its key, its words (None for the melody), whether it is said slower, and where its sound is.

    Without a ``sound`` the provider's own voice says it; ``source`` names who does.
    """

    key: str
    words: str | None
    slower: bool
    sound: str | None
    source: Source


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


@dataclass(frozen=True)
class Offer:
    """That a resident is rung in this voice from now on."""

    name: str
    voice: Timbre


@router.get(PAGE)
def listen(
    request: Request,
    call: str = FIRST,
    spoken: Language | None = None,
    resident: str = "",
    voice: Annotated[Timbre | None, BeforeValidator(lambda chosen: chosen or None)] = None,
    done: Annotated[str, Query(max_length=MOST_EXCHANGES * 20)] = "",
) -> Response:
    """A call as far as what was ``done`` in it; ``done`` are keys and other deeds with commas between them."""
    wanted = Wanted(call, spoken or settings.current().language, resident.strip(), voice)
    deeds = [each for each in done.split(",") if each]
    mistake: UserError | None = None
    with reading() as session:
        campaigns = campaigns_to_hear(session)
        try:
            chosen = conversation(session, wanted)
        except UserError as refusal:
            mistake, chosen = refusal, conversation(session, Wanted(FIRST, wanted.spoken))
    shown = _shown(chosen, wanted, deeds) if mistake is None else _shown(chosen, Wanted(FIRST, wanted.spoken), [])
    return pages.page(
        request, "sound/listen.html", mistake=mistake, wanted=wanted, voices=tuple(Timbre), calls=tuple(SAMPLES),
        campaigns=campaigns, back=_address(wanted, deeds[:-1]), again=_address(wanted, []),
        offered=_offered(chosen, wanted), **shown,
    )  # fmt: skip


@router.post(VOICE, dependencies=[Depends(same_site)])
def choose_voice(
    request: Request,
    resident: Annotated[str, Form()],
    voice: Annotated[Timbre, Form()],
    call: Annotated[str, Form()] = FIRST,
) -> Response:
    """From now on this resident is rung in this voice; then the page of the same call, which tells of whom it knows."""

    def change(session: Session) -> None:
        who = find_resident(session, resident)
        resident_changes.set_particulars(session, acting(request), who.id, {"timbre": voice})

    with suppress(NotFoundError):
        write(change)
    wanted = Wanted(call, settings.current().language, resident.strip())
    return RedirectResponse(_address(wanted, []), status_code=303)


def _offered(chosen: Conversation, wanted: Wanted) -> Offer | None:
    """The voice that is heard, if it is not the one that was chosen for whoever hears it."""
    who = chosen.resident
    if who is None or wanted.voice is None or wanted.voice == who.timbre:
        return None
    return Offer(who.name, wanted.voice)


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
    aloud = station().speaker.aloud(exchange.said, chosen.dialogue, chosen.overlay)
    said = [_said(prompt, chosen.dialogue, each) for prompt, each in zip(exchange.said, aloud, strict=True)]
    return Told(exchange.done and _label(exchange.done), [fact.name for fact in exchange.facts], said)


def _label(done: str) -> str:
    """How a deed is named on the page: its step's own name where the service goes on by itself."""
    return f"{INSTEAD}{done[1:].partition('-')[0]}" if done.startswith(INSTEAD) else done


def _said(prompt: Prompt, dialogue: Dialogue, heard: Aloud) -> Said:
    text = None if prompt.key == MELODY.key else words(prompt, dialogue.language)
    sound = urlsplit(heard.utterance.url).path if isinstance(heard.utterance, Sound) else None
    return Said(prompt.key, text, prompt.slower, sound, heard.source)


def _address(wanted: Wanted, deeds: Sequence[str]) -> str:
    fields = {"call": wanted.name, "spoken": wanted.spoken.value, "resident": wanted.resident,
              "voice": wanted.voice, "done": ",".join(deeds)}  # fmt: skip
    return f"{PAGE}?{urlencode({name: value for name, value in fields.items() if value})}#now"
