"""Finding one resident, or one responder, by what a person writes: their name, a telephone of theirs, or an id."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from contacts import phones, queries
from contacts.community.community import the_community
from contacts.models import Community, Resident, Responder
from core.errors import ConflictError, NotFoundError
from core.short_ids import Named, resolve, short

_ID = Named(Resident.id, "There is no resident {value}.", "`zaoan resident list` names them.")
_RESPONDER_ID = Named(Responder.id, "There is no responder {value}.", "`zaoan responder list` names them.")


def find_resident(session: Session, written: str) -> Resident:
    """The resident of this name, telephone or (short) id; raises ``NotFoundError``, or ``ConflictError`` for several.

    Who has been removed is meant only where nobody who is looked after is.
    """
    community = the_community(session)
    found = _found(session, community, written.strip())
    here = [each for each in found if each.removed_at is None]
    meant = here or found
    _refuse_several(meant, "{value} is several residents.", "resident", written)
    if not meant:
        raise NotFoundError(
            "There is no resident {value}.", way_out="Write the name as in your list, or a telephone number.",
            field="resident", value=written,
        )  # fmt: skip
    return meant[0]


def find_responder(session: Session, written: str) -> Responder:
    """The responder of this name, telephone or (short) id; raises as ``find_resident``.

    Who has been removed is meant only where nobody who helps is.
    """
    community, meant = the_community(session), written.strip()
    try:
        number = phones.parse(meant, community.region, community.area_code)
    except phones.PhoneError:
        number = ""
    found: list[Responder] = []
    for everybody in (queries.all_responders, queries.removed_responders):
        found = found or [each for each in everybody(session, community.id)
                          if each.name == meant or number in each.numbers]  # fmt: skip
    _refuse_several(found, "{value} is several responders.", "responder", written)
    return found[0] if found else session.get_one(Responder, resolve(session, _RESPONDER_ID, meant))


def _refuse_several(found: Sequence[Resident | Responder], problem: str, field: str, written: str) -> None:
    if len(found) > 1:
        raise ConflictError(
            problem,
            way_out="Write one of their ids: {known}.",
            field=field,
            value=written,
            known=[f"{each.name} {short(each.id)}" for each in found],
        )


def _found(session: Session, community: Community, written: str) -> Sequence[Resident]:
    if named := queries.residents_named(session, community.id, written):
        return [each for each in named if each.name == written] or named
    try:
        number = phones.parse(written, community.region, community.area_code)
        if at_it := queries.residents_by_number(session, number):
            return at_it
    except phones.PhoneError:
        pass
    try:
        return [session.get_one(Resident, resolve(session, _ID, written))]
    except NotFoundError:
        return ()
