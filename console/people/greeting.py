"""How a resident would be greeted with what is typed in their form, heard on the spot; nothing of it is written
down, and the sound is kept as long as others that nobody plays any more."""

from typing import Annotated, cast
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy.orm import Session

from audio.voice import SpeechFailed
from campaigns.rounds import sample_calls
from campaigns.rounds.sample_calls import Greeting
from console.people import file
from console.people.file_changes import Typed, typed_details
from console.people.file_forms import Values, details_of
from console.people.file_page import PAGE, file_page
from console.people.refusals import Refusal
from console.people.versions import refuse_other
from console.shell.origin import same_site
from contacts.community.community import the_community
from contacts.people.particulars import Particulars
from core.errors import ConflictError, NotFoundError, UserError
from core.storage.database import reading
from ivr.provider.station import station

router = APIRouter(include_in_schema=False, dependencies=[Depends(same_site)])


@router.post(PAGE + "/greeting")
def hear(
    request: Request, resident_id: UUID, typed: Annotated[Values, Depends(typed_details)], version: Typed = ""
) -> Response:
    """A WAV file of the greeting; the file's page with what was typed, and why, where there is none."""
    try:
        with reading() as session:
            wanted = _wanted(session, resident_id, typed, version)
        return Response(_heard(wanted), media_type="audio/wav", headers={"Cache-Control": "no-store"})
    except NotFoundError:
        return file_page(request, resident_id)
    except UserError as mistake:
        return file_page(request, resident_id, Refusal("details", mistake, typed))


def _wanted(session: Session, resident_id: UUID, typed: Values, version: str) -> Greeting:
    """A form that is shown again has the newest version: what others have changed meanwhile is told first."""
    who = file.find(session, the_community(session), resident_id)
    refuse_other(version, details_of(who))
    return sample_calls.greeting(session, who, cast("Particulars", typed))


def _heard(wanted: Greeting) -> bytes:
    """Made now: whoever asks waits for it."""
    try:
        heard = station().speaker.heard(wanted.prompt, wanted.dialogue, wanted.overlay)
    except SpeechFailed as failure:
        raise ConflictError("Our voice cannot say this at present.", way_out="Try again in a moment.") from failure
    if heard is None:
        raise ConflictError("The telephone provider's voice says this, and is heard in a call only.",
                            way_out="Make a trial call.")  # fmt: skip
    return heard[1].path.read_bytes()
