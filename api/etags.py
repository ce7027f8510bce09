"""ETags: whoever changes something says which version they have seen, so that no change of others is overwritten."""

from hashlib import sha256
from typing import Annotated

from fastapi import Header
from pydantic import BaseModel

from core.errors import UserError

IfMatch = Annotated[
    str | None,
    Header(alias="If-Match", max_length=400, description="The `ETag` of the version that is to be changed; needed."),
]
ANY = "*"


class VersionNeededError(UserError):
    """It was not said which version is to be changed (HTTP 428, RFC 6585)."""

    status = 428


class ChangedMeanwhileError(UserError):
    """Somebody else has changed it since it was read (HTTP 412)."""

    status = 412


def tag_of(document: BaseModel) -> str:
    """The version of a document: whatever it shows is part of it."""
    return f'"{sha256(document.model_dump_json().encode()).hexdigest()[:32]}"'


def check(if_match: str | None, document: BaseModel) -> None:
    """Raises ``VersionNeededError`` where no version is named, ``ChangedMeanwhileError`` where it is another one.

    ``document`` is as it stands in this unit of work, which holds its row.
    """
    if if_match is None:
        raise VersionNeededError("It is not said which version is to be changed.",
                                 way_out="Send its ETag as the header If-Match.", field="If-Match")  # fmt: skip
    seen = [each.strip().removeprefix("W/") for each in if_match.split(",")]
    if ANY not in seen and tag_of(document) not in seen:
        raise ChangedMeanwhileError("It has been changed since you read it.",
                                    way_out="Read it again, and change that.", field="If-Match",
                                    value=if_match)  # fmt: skip
