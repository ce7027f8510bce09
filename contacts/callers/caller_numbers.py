"""Who rings or writes: the number under which they are known, however the provider writes it."""

import re

from sqlalchemy.orm import Session

from contacts import phones
from contacts.community.community import the_community

_WITH_COUNTRY = re.compile(r"\+\d{7,15}")


def number_of(session: Session, written: str) -> str | None:
    """The number in E.164: one with + in front as it is, one in national or local form completed.

    None for what is no whole number, such as the short number of a service.
    """
    plain = "".join(written.split())
    if _WITH_COUNTRY.fullmatch(plain):
        return plain
    community = the_community(session)
    return phones.caller(written, community.region, community.area_code)
