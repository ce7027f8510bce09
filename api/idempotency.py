"""The same POST again is answered as the first time, and done only once: its answer is kept with what it did.

A request that was refused has done nothing, so nothing is kept of it: the same key may be used again.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from typing import Annotated, Any

from fastapi import Header, Request, Response
from pydantic import BaseModel
from sqlalchemy import delete
from sqlalchemy.orm import Session

from api import queries
from api.models import StoredAnswer
from api.program import changing
from core import clock
from core.errors import UserError
from core.identity.visitor import Visitor
from core.storage.upserts import insert_into

KEPT = timedelta(days=7)
GONE = 410
JSON = "application/json"
AGAIN = "Idempotency-Replayed"
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key", min_length=1, max_length=200, pattern=r"^[\x21-\x7e]+$",
        description="Any text of your own, a new one for each deed. The same request with the same key is done once, "
        "and answered as the first time, for seven days.",
        examples=["5f0c6f9e-5c1e-4c4e-9d0c-2f6a4a9c2b11"],
    ),
]  # fmt: skip


class OtherRequestError(UserError):
    """The key was used for another request (HTTP 422)."""


class AnswerErasedError(UserError):
    """The request was done, and its answer has been erased with the person whom it names (HTTP 410)."""

    status = GONE


@dataclass(frozen=True)
class Answer:
    """What a request has come to; ``kept`` is what whoever sends it again is answered, where that is less."""

    document: BaseModel | None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    kept: BaseModel | None = None

    @property
    def body(self) -> str:
        """As it is sent; empty where there is nothing to say."""
        return self.document.model_dump_json() if self.document else ""

    @property
    def kept_body(self) -> str:
        """As it is sent again."""
        return self.kept.model_dump_json() if self.kept else self.body

    def response(self) -> Response:
        """As it is answered."""
        return _response(self.status, self.headers, self.body)


def once(
    request: Request,
    program: Visitor,
    key: str | None,
    sent: bytes | BaseModel | None,
    work: Callable[[Session], Answer],
) -> Response:
    """Does ``work`` in a unit of work and answers; with a ``key`` that this token has used already, only answers.

    Raises ``OtherRequestError`` where the key was used with another address or body, ``AnswerErasedError`` where what
    was answered has been erased since, and whatever ``work`` raises.
    """
    if key is None:
        return changing(program, work).response()
    digest = _digest(request, sent)

    def unless_done(session: Session) -> Response:
        if not _begin(session, program, key, digest):
            return _again(session, program, key, digest)
        answer = work(session)
        kept = session.get_one(StoredAnswer, (program.actor.id, key))
        kept.status, kept.headers, kept.body = answer.status, dict(answer.headers), answer.kept_body
        return answer.response()

    return changing(program, unless_done)


def _begin(session: Session, program: Visitor, key: str, digest: str) -> bool:
    """Whether this is the first request with the key; of two at the same moment the second waits for the first."""
    now = clock.real_now()
    session.execute(delete(StoredAnswer).where(StoredAnswer.at < now - KEPT))
    values: dict[str, Any] = {"token_id": program.actor.id, "key": key, "request": digest, "at": now, "status": 0,
                              "headers": {}, "body": ""}  # fmt: skip
    begin = insert_into(session, StoredAnswer).values(**values).on_conflict_do_nothing()
    return session.scalar(begin.returning(StoredAnswer.key)) is not None


def _again(session: Session, program: Visitor, key: str, digest: str) -> Response:
    kept = session.get_one(StoredAnswer, (program.actor.id, key))
    if kept.request != digest:
        raise OtherRequestError("This key was used for another request.",
                                way_out="Use a new key for each deed.", field="Idempotency-Key", value=key)  # fmt: skip
    if kept.status == GONE:
        raise AnswerErasedError("This request was done; its answer has been erased with the person it was about.",
                                way_out="Use a new key if it is to be done again.",
                                field="Idempotency-Key", value=key)  # fmt: skip
    return _response(kept.status, kept.headers | {AGAIN: "true"}, kept.body)


def _digest(request: Request, sent: bytes | BaseModel | None) -> str:
    body = sent if isinstance(sent, bytes) else sent.model_dump_json(exclude_unset=True).encode() if sent else b""
    return sha256(f"{request.method} {request.url.path}?{request.url.query}\n".encode() + body).hexdigest()


def _response(status: int, headers: Mapping[str, Any], body: str) -> Response:
    return Response(body or None, status, {**headers}, JSON if body else None)


def forget(session: Session, words: Collection[str]) -> int:
    """Empties the answers that hold one of these words; whoever sends such a request again is told that it is gone."""
    holding = [each for each in queries.stored_answers(session) if any(word in each.body for word in words)]
    for each in holding:
        each.status, each.headers, each.body = GONE, {}, ""
    session.flush()
    return len(holding)
