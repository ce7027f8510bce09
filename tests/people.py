"""Who lives in the stories: residents, their homes and relatives, responders and communities, written down for a test.

All of it is stored as it stands, in the session that is given, and needs no service: a test says only what its story is
about. What a command or a list does with people is told by the tests of those (``tests/zaoan/cli``,
``tests/zaoan/lists``).
"""

from collections.abc import Sequence
from datetime import time
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from contacts.community.community import area, establish_community, the_community
from contacts.models import (
    Area,
    AreaKind,
    Community,
    Consent,
    Household,
    Phone,
    Relative,
    Resident,
    ResidentFlag,
    Responder,
)
from core import clock
from core.ids import new_id

BUILDING, UNIT, ROOM = "3号楼", "2单元", "301"


def community(session: Session) -> Community:
    """The first community of a database in which no service has been started."""
    return establish_community(
        session, name="槐东社区", timezone="Asia/Shanghai", language="zh-CN", region="CN", area_code="0311"
    )


def another_community(session: Session, name: str) -> Community:
    """One more beside the first, with nobody at its office and calls at any hour before nine in the evening."""
    made = Community(id=new_id(), name=name, timezone="Asia/Shanghai", language="zh-CN", region="CN", area_code="0311",
                     call_from=time(0), call_until=time(21), office_days="")  # fmt: skip
    session.add(made)
    session.flush()
    session.add(Area(community_id=made.id, kind=AreaKind.COMMUNITY, name=name))
    session.flush()
    return made


def household(
    session: Session,
    room: str = ROOM,
    building: str = BUILDING,
    unit: str = UNIT,
    *,
    access_notes: str = "",
    of: Community | None = None,
) -> Household:
    """The home at this address, made where there is none."""
    whose = of or the_community(session)
    place = area(session, whose, building, unit).id
    known = session.scalars(select(Household).where(Household.area_id == place, Household.room == room)).one_or_none()
    if known is not None:
        return known
    made = Household(id=new_id(), community_id=whose.id, area_id=place, room=room, access_notes=access_notes)
    session.add(made)
    session.flush()
    return made


def resident(
    session: Session,
    name: str,
    *numbers: str,
    home: Household | None = None,
    called: str = "",
    agreed: bool = True,
    flags: Sequence[str] = (),
    **more: Any,
) -> Resident:
    """Somebody with these telephones (E.164) who has agreed to be called; ``more`` are columns of ``Resident``."""
    lives_at = home or household(session)
    made = Resident(**{"id": new_id(), "community_id": lives_at.community_id, "household_id": lives_at.id,
                       "name": name, "called": called or name, "language": "zh-CN"} | more)  # fmt: skip
    session.add(made)
    session.flush()
    session.add_all(Phone(resident_id=made.id, number=each, position=at) for at, each in enumerate(numbers))
    session.add_all(ResidentFlag(resident_id=made.id, flag=each) for each in flags)
    if agreed:
        session.add(Consent(resident_id=made.id, statement="signed", recorded_at=clock.now()))
    session.flush()
    return made


def relative(session: Session, resident_id: UUID, name: str, number: str, **more: Any) -> Relative:
    """Somebody close to a resident; ``more`` are columns of ``Relative``, such as what they want to be told."""
    made = Relative(**{"id": new_id(), "resident_id": resident_id, "name": name, "number": number, "language": "zh-CN"}
                    | more)  # fmt: skip
    session.add(made)
    session.flush()
    return made


def responder(
    session: Session,
    name: str,
    number: str,
    role: str = "volunteer",
    *,
    buildings: Sequence[str] = (),
    of: Community | None = None,
    **more: Any,
) -> Responder:
    """Somebody who looks after these buildings (none: everything); ``more`` are columns of ``Responder``."""
    whose = of or the_community(session)
    near = [area(session, whose, each, "") for each in buildings]
    made = Responder(**{"id": new_id(), "community_id": whose.id, "name": name, "role": role, "number": number,
                        "language": "zh-CN", "areas": near} | more)  # fmt: skip
    session.add(made)
    session.flush()
    return made
