"""Flags set and taken away by the program."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from contacts.models import ResidentFlag


def flag_only(session: Session, flag: str, residents: Collection[UUID]) -> None:
    """From now on exactly these residents carry ``flag``."""
    session.execute(delete(ResidentFlag).where(ResidentFlag.flag == flag))
    session.add_all(ResidentFlag(resident_id=resident_id, flag=flag) for resident_id in residents)
    session.flush()
