"""Columns that a user has said to tell something: kept for the next list of the community, seen, and taken back.

A column is known by the text of its header as people read it (``plain_header``): blanks, brackets and the width of
characters make no other column of it.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from contacts.columns.columns import FIELDS, Field, Kind, column_of, plain_header
from contacts.models import ImportColumn
from contacts.queries import import_drafts as queries
from core import clock
from core.actors import Actor
from core.errors import NotFoundError, UserError
from core.running import events
from core.short_ids import short

MOST = 200
"""So many columns of one kind of list are kept for a community."""
LONGEST = 200


def keep(session: Session, actor: Actor, community_id: UUID, kind: Kind, told: Mapping[str, Field | None]) -> None:
    """From now on these headers tell these fields; None: nothing that is kept, and nobody is asked again.

    Raises ``UserError`` for a field that such lists do not have, a header that is known without this, or too many.
    """
    known = {plain_header(each.header): each for each in queries.known_columns(session, community_id, kind)}
    for header, field in told.items():
        _refuse(kind, header, field)
        kept = known.get(plain_header(header))
        if kept is None:
            kept = ImportColumn(community_id=community_id, kind=kind.value, header=header.strip()[:LONGEST])
            known[plain_header(header)] = kept
            session.add(kept)
        kept.field, kept.made_at = field.value if field else None, clock.now()
        events.append(session, actor, "import_column.kept", None, list=kind.value, field=kept.field)
    if len(known) > MOST:
        raise UserError("More columns are kept than anybody could look through.",
                        way_out="Take back those that are not needed.", field="cells")  # fmt: skip
    session.flush()


def take_back(session: Session, actor: Actor, community_id: UUID, column_id: UUID) -> None:
    """The column is asked about again; raises ``NotFoundError``."""
    kept = session.get(ImportColumn, column_id)
    if kept is None or kept.community_id != community_id:
        raise NotFoundError("There is no such column.", way_out="It may have been taken back already.", field="column",
                            value=short(column_id))  # fmt: skip
    session.delete(kept)
    session.flush()
    events.append(session, actor, "import_column.taken_back", None, list=kept.kind, field=kept.field)


def columns(session: Session, community_id: UUID) -> Sequence[ImportColumn]:
    """All of a community, by kind of list and header."""
    return queries.known_columns(session, community_id)


def _refuse(kind: Kind, header: str, field: Field | None) -> None:
    if field is not None and field not in FIELDS[kind]:
        raise UserError("“{value}” is no column of such a list.", way_out="Choose one of those offered.", field="cells",
                        value=field)  # fmt: skip
    if not plain_header(header) or column_of(kind, header) is not None:
        raise UserError("The column “{value}” is known already.", way_out="Leave it as it is.", field="cells",
                        value=header)  # fmt: skip
