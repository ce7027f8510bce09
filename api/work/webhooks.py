"""``/api/v1/webhooks``: systems outside that are told what happens."""

from collections.abc import Collection
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlalchemy.orm import Session

from api.etags import IfMatch, check, tag_of
from api.idempotency import Answer, Key, once
from api.paging import Cursor, Limit, Page, page
from api.program import Program, changing, looking, own
from api.work.webhook_documents import (
    DeliveryDocument,
    NewWebhook,
    WebhookChange,
    WebhookDocument,
    WebhookWithSecret,
    delivery_document,
    delivery_documents,
    version,
    webhook_document,
    webhook_documents,
    with_secret,
)
from core.errors import NotFoundError, UserError
from core.identity.roles import Scope
from core.identity.visitor import Visitor
from core.short_ids import short
from core.subscriptions import queries, subscribing
from core.subscriptions.models import Delivery, Kind, Subscription

PATH = "/api/v1/webhooks"
NO_WEBHOOK = "There is no webhook {value}."
router = APIRouter(prefix=PATH, tags=["webhooks"])


class UnseenEventError(UserError):
    """The program may not read what it wants to be told (HTTP 403)."""

    status = 403


@router.get("")
def list_webhooks(program: Program, limit: Limit = 50, cursor: Cursor = None) -> Page[WebhookDocument]:
    """All addresses that are told what happens."""
    with looking(program) as session:
        found = queries.living_of(program.community_id)
        return page(session, found, Subscription.id, cursor, limit, webhook_documents)


@router.post("", status_code=201, response_model=WebhookWithSecret)
def create_webhook(request: Request, program: Program, body: NewWebhook, key: Key = None) -> Response:
    """From now on this address is told; the answer has the secret with which everything is signed, this once."""
    _refuse_unseen(program, body.events)

    def create(session: Session) -> Answer:
        made, secret = subscribing.subscribe(session, program.actor, program.community_id, body.url, body.events)
        return _once_shown(made, secret, 201)

    return once(request, program, key, body, create)


@router.get("/{webhook_id}", response_model=WebhookDocument)
def get_webhook(program: Program, webhook_id: UUID) -> Response:
    """One of them; `ETag` is the version of what it is told, and where."""
    with looking(program) as session:
        return _answer(_find(session, program, webhook_id)).response()


@router.patch("/{webhook_id}", response_model=WebhookDocument)
def change_webhook(program: Program, webhook_id: UUID, body: WebhookChange, if_match: IfMatch = None) -> Response:
    """Changes what is told, and where; what waits goes to the new address, signed with the same secret."""
    _refuse_unseen(program, body.events or ())

    def change(session: Session) -> Response:
        found = _held(session, program, webhook_id)
        check(if_match, version(found))
        subscribing.change(session, program.actor, found, body.url, body.events)
        return _answer(found).response()

    return changing(program, change)


@router.delete("/{webhook_id}", status_code=204)
def revoke_webhook(program: Program, webhook_id: UUID) -> Response:
    """Nothing more is told there, not even what waits."""

    def revoke(session: Session) -> Response:
        subscribing.revoke(session, program.actor, _held(session, program, webhook_id))
        return Response(status_code=204)

    return changing(program, revoke)


@router.post("/{webhook_id}/rotate", response_model=WebhookWithSecret)
def rotate_secret(request: Request, program: Program, webhook_id: UUID, key: Key = None) -> Response:
    """A new secret; for a day everything is signed with the one before as well."""

    def rotate(session: Session) -> Answer:
        found = _held(session, program, webhook_id)
        return _once_shown(found, subscribing.rotate(session, program.actor, found), 200)

    return once(request, program, key, None, rotate)


@router.post("/{webhook_id}/test", status_code=202, response_model=DeliveryDocument)
def try_webhook(request: Request, program: Program, webhook_id: UUID, key: Key = None) -> Response:
    """Sends `webhook.test` at once; what came of it stands among the deliveries."""

    def try_out(session: Session) -> Answer:
        found = _held(session, program, webhook_id)
        return Answer(delivery_document(subscribing.send_test(session, program.actor, found)), 202)

    return once(request, program, key, None, try_out)


@router.get("/{webhook_id}/deliveries")
def list_deliveries(
    program: Program, webhook_id: UUID, limit: Limit = 50, cursor: Cursor = None
) -> Page[DeliveryDocument]:
    """What was told there in the last thirty days, and what waits; the newest first."""
    with looking(program) as session:
        found = queries.of_subscription(_find(session, program, webhook_id).id)
        return page(session, found, Delivery.id, cursor, limit, delivery_documents, newest_first=True)


def _refuse_unseen(program: Visitor, kinds: Collection[Kind]) -> None:
    """Nobody is told by a webhook what they may not ask for."""
    missing = {_scope_of(each) for each in kinds} - program.scopes
    if missing:
        raise UnseenEventError("This token may not read what it wants to be told.",
                               way_out="It needs {known}, too.", field="events",
                               value=", ".join(sorted(kinds)), known=", ".join(sorted(missing)))  # fmt: skip


def _scope_of(kind: Kind) -> Scope:
    return Scope.ROUNDS_READ if kind is Kind.CHECK_IN_DECIDED else Scope.CASES_READ


def _find(session: Session, program: Visitor, webhook_id: UUID) -> Subscription:
    found = own(session, program, Subscription, webhook_id, NO_WEBHOOK)
    if found.revoked_at is not None:
        raise NotFoundError(NO_WEBHOOK, field="id", value=short(webhook_id))
    return found


def _held(session: Session, program: Visitor, webhook_id: UUID) -> Subscription:
    return queries.held(session, _find(session, program, webhook_id).id)


def _answer(found: Subscription) -> Answer:
    return Answer(webhook_document(found), 200, {"ETag": tag_of(version(found))})


def _once_shown(found: Subscription, secret: str, status: int) -> Answer:
    made = {"Location": f"{PATH}/{found.id}"} if status == 201 else {}
    headers = {"ETag": tag_of(version(found)), "Cache-Control": "no-store", **made}
    return Answer(with_secret(found, secret), status, headers, kept=with_secret(found, None))
