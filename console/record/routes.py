"""The page on which staff record or upload what is heard in place of the synthetic voice."""

from collections.abc import Callable
from typing import Annotated
from urllib.parse import quote, urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, File, Form, Request, Response, UploadFile
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from campaigns import queries as campaigns
from campaigns.listeners import scope_of
from console.record.recordable import chapters, said
from console.shell import pages
from console.shell.origin import same_site
from console.shell.visitors import acting
from core import settings
from core.errors import UserError
from core.i18n import Language
from core.storage.database import reading, write
from ivr.prompts import own_voices
from ivr.prompts.sources import said_by
from ivr.provider.station import station
from ivr.queries import own_recordings

PAGE = "/recordings"
router = APIRouter(include_in_schema=False)


class Choice:
    """Which voice is chosen: the language, and for whom (``resident`` and ``campaign`` as people write them)."""

    def __init__(self, spoken: Language | None = None, resident: str = "", campaign: str = "") -> None:
        self.spoken = spoken or settings.current().language
        self.resident, self.campaign = resident.strip(), campaign.strip()

    @property
    def address(self) -> str:
        """The page of this choice."""
        fields = {"spoken": self.spoken.value, "resident": self.resident, "campaign": self.campaign}
        return f"{PAGE}?{urlencode({name: value for name, value in fields.items() if value})}"


Chosen = Annotated[Choice, Depends()]


@router.get(PAGE)
def show(request: Request, chosen: Chosen) -> Response:
    """Everything that can be recorded for whom it was asked."""
    return _page(request, chosen, None)


@router.post(PAGE, dependencies=[Depends(same_site)])
def keep(
    request: Request,
    chosen: Chosen,
    key: Annotated[str, Form()],
    words: Annotated[str, Form()],
    sound: Annotated[UploadFile, File()],
    note: Annotated[str, Form(max_length=200)] = "",
    place: Annotated[str, Form()] = "",
) -> Response:
    """Keeps a recording of these words."""
    try:
        ready = own_voices.prepared(sound.file.read())
    except UserError as refusal:
        return _page(request, chosen, refusal)

    def change(session: Session) -> None:
        scope = scope_of(session, resident=chosen.resident, campaign=chosen.campaign)
        own_voices.keep(session, acting(request), ready, key=key, language=chosen.spoken, scope=scope,
                        note=note.strip(), said=said(session, chosen.spoken, scope, key, words))  # fmt: skip

    return _changed(request, chosen, change, place)


@router.post(f"{PAGE}/{{recording_id}}/remove", dependencies=[Depends(same_site)])
def remove(request: Request, chosen: Chosen, recording_id: UUID, place: Annotated[str, Form()] = "") -> Response:
    """The synthetic voice says these words again."""
    return _changed(request, chosen, lambda session: own_voices.remove(session, acting(request), recording_id), place)


@router.get(f"{PAGE}/{{recording_id}}.wav")
def hear(recording_id: UUID) -> Response:
    """A recording as a telephone plays it; 404 when it was removed."""
    with reading() as session:
        sound = own_recordings.recorded_sound_of(session, recording_id)
    if sound is None:
        return Response(status_code=404)
    return Response(sound, media_type="audio/wav", headers={"Cache-Control": "no-store"})


def _changed(request: Request, chosen: Choice, change: Callable[[Session], None], place: str) -> Response:
    try:
        write(change)
    except UserError as refusal:
        return _page(request, chosen, refusal)
    return RedirectResponse(f"{chosen.address}#{quote(place)}", status_code=303)


def _page(request: Request, chosen: Choice, mistake: UserError | None) -> Response:
    with reading() as session:
        try:
            scope = scope_of(session, resident=chosen.resident, campaign=chosen.campaign)
        except UserError as refusal:
            mistake, chosen, scope = mistake or refusal, Choice(chosen.spoken), own_voices.EVERYWHERE
        shown = chapters(session, chosen.spoken, scope)
        names = [each.name for each in campaigns.campaigns(session)]
    return pages.page(request, "sound/recordings.html", mistake.status if mistake else 200, mistake=mistake,
                      chosen=chosen, chapters=shown, campaigns=names,
                      said_by=said_by(station().speaker.engines))  # fmt: skip
