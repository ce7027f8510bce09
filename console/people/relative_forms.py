"""The forms by which relatives are written down, changed and taken off a file."""

from typing import Annotated, cast
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy.orm import Session

from campaigns.family import invitations
from campaigns.people import resident_status
from console.people.file_changes import Typed, changed
from console.people.file_forms import relative_of
from console.people.file_page import PAGE
from console.people.versions import ChangedMeanwhileError, refuse_other
from console.shell.origin import same_site
from contacts import relative_links
from contacts.models import Relative, Resident
from contacts.people import relative_changes
from contacts.people.relative_changes import RelativeParticulars
from core.actors import Actor
from ivr import queries as telephone

SECTION = "relatives"
RELATIVES = PAGE + "/relatives"
ONE = RELATIVES + "/{relative_id}"
router = APIRouter(include_in_schema=False, dependencies=[Depends(same_site)])


class Told:
    """What a form says of a relative."""

    def __init__(
        self,
        name: Typed = "",
        number: Typed = "",
        relation: Typed = "",
        email: Typed = "",
        language: Typed = "",
        wants: Typed = "",
    ) -> None:
        self.values = {"name": name, "number": number, "relation": relation, "email": email, "language": language,
                       "wants": wants}  # fmt: skip

    @property
    def particulars(self) -> RelativeParticulars:
        """The same for the use case."""
        return cast("RelativeParticulars", self.values)


@router.post(RELATIVES)
def add(request: Request, resident_id: UUID, told: Annotated[Told, Depends()]) -> Response:
    """One more is told how they are."""

    def change(session: Session, actor: Actor, who: Resident) -> None:
        relative_changes.add(session, actor, who.id, told.particulars, telephone.our_numbers(session))

    return changed(request, resident_id, "relative-new", told.values, change, SECTION)


@router.post(ONE)
def change_one(
    request: Request,
    resident_id: UUID,
    relative_id: UUID,
    told: Annotated[Told, Depends()],
    version: Typed = "",
) -> Response:
    """What is different about one of them."""

    def change(session: Session, actor: Actor, who: Resident) -> None:
        known = _known(who, relative_id)
        refuse_other(version, relative_of(known))
        resident_status.change_relative(session, actor, who.id, known.number, told.particulars,
                                        telephone.our_numbers(session))  # fmt: skip

    return changed(request, resident_id, f"relative-{relative_id}", told.values, change, SECTION)


@router.post(ONE + "/remove")
def remove(request: Request, resident_id: UUID, relative_id: UUID) -> Response:
    """One of them is told nothing any more, not even what waits to be sent."""

    def change(session: Session, actor: Actor, who: Resident) -> None:
        resident_status.remove_relative(session, actor, who.id, _known(who, relative_id).number)

    return changed(request, resident_id, f"relative-{relative_id}", {}, change, SECTION)


@router.post(ONE + "/link")
def send_link(request: Request, resident_id: UUID, relative_id: UUID) -> Response:
    """One of them is texted the link to their page."""

    def change(session: Session, actor: Actor, who: Resident) -> None:
        invitations.send(session, actor, _known(who, relative_id).id)

    return changed(request, resident_id, f"link-{relative_id}", {}, change, SECTION)


@router.post(ONE + "/link/end")
def end_links(request: Request, resident_id: UUID, relative_id: UUID) -> Response:
    """The links of one of them show nothing any more."""

    def change(session: Session, actor: Actor, who: Resident) -> None:
        relative_links.end(session, actor, who.id, _known(who, relative_id).id)

    return changed(request, resident_id, f"link-{relative_id}", {}, change, SECTION)


def _known(who: Resident, relative_id: UUID) -> Relative:
    for each in who.relatives:
        if each.id == relative_id:
            return each
    raise ChangedMeanwhileError("Somebody else has taken this relative off the file.",
                                way_out="Write them down anew if that was a mistake.")  # fmt: skip
