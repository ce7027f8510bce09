"""The form of a community's facts: what stands in it, what it says, and that nobody else has changed them meanwhile."""

from collections.abc import Mapping
from datetime import time
from typing import Annotated

from fastapi import Form, Request
from sqlalchemy.orm import Session

from campaigns.people import community_settings
from console.people.versions import refuse_other, version_of
from console.shell.visitors import acting
from contacts.community.changes import FIELDS
from contacts.community.community import the_community
from contacts.community.kept_settings import given, refuse_given
from contacts.models import Community
from core import settings

WHO = ("name", "language", "timezone", "region", "area_code")
HOURS = ("call_from", "call_until", "office_from", "office_until", "office_days")
Typed = Annotated[str, Form(max_length=200)]


class Told:
    """What a form says of the community: ``who`` it is, and the ``hours``, each where it stands in the form.

    What is in no form stays as it is; so does what a setting names as well, for which no field is shown.
    """

    def __init__(
        self,
        who: Typed = "",
        name: Typed = "",
        language: Typed = "",
        timezone: Typed = "",
        region: Typed = "",
        area_code: Typed = "",
        hours: Typed = "",
        call_from: Typed = "",
        call_until: Typed = "",
        office_from: Typed = "",
        office_until: Typed = "",
        day: Annotated[list[str] | None, Form()] = None,
        version: Annotated[str, Form(max_length=40)] = "",
    ) -> None:
        told = {
            "name": name, "language": language, "timezone": timezone, "region": region, "area_code": area_code,
            "call_from": call_from, "call_until": call_until, "office_from": office_from, "office_until": office_until,
            "office_days": "".join(each[:1] for each in (day or ())[:7]),
        }  # fmt: skip
        shown = [*(WHO if who else ()), *(HOURS if hours else ())]
        left = given(settings.current())
        self.values = {field: told[field] for field in shown if told[field] or field not in left}
        self.version = version


def values_of(community: Community) -> dict[str, str]:
    """The facts as they stand in a form."""
    return {field: _written(getattr(community, field)) for field in FIELDS}


def version(values: Mapping[str, str]) -> str:
    """The version of these facts."""
    return version_of({field: values[field] for field in FIELDS})


def keep(session: Session, request: Request, told: Told) -> None:
    """The facts are from now on as the form says. Raises ``UserError``, for other changes made meanwhile, too."""
    community = the_community(session)
    refuse_other(told.version, values_of(community))
    refuse_given(settings.current(), community, told.values)
    community_settings.change(session, acting(request), told.values)


def _written(value: object) -> str:
    return f"{value:%H:%M}" if isinstance(value, time) else str(value)
