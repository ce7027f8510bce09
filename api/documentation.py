"""The OpenAPI document: what FastAPI finds out by itself, and what holds for every route of the API."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api import problems
from api.work import webhook_events

PATHS = "/api/v1/"
ABOUT = """
Everything that the staff of a community can do, for programs. A token (`zaoan token create`) is sent as
`Authorization: Bearer …`; its scopes say what it may do, and it sees its own community alone.

What is wrong is told as RFC 9457 problem documents, in the language of `Accept-Language`. Lists are paged: `next` of
one page is the `cursor` of the next. A POST with an `Idempotency-Key` is done once, however often it is sent. What is
changed by PATCH, or taken away by DELETE, is so only if nobody else has changed it meanwhile: `If-Match` names the
`ETag` that was read. What happens can be told to an address of yours (`webhooks`).
Every answer tells how many requests are left in this minute (`RateLimit-Remaining`).
"""
_EXAMPLE = {
    "type": "urn:zaoan:problem:not-found",
    "title": "Not found",
    "status": 404,
    "detail": "There is no resident 019abc12.",
    "field": "resident",
    "value": "019abc12",
}
_FIELD = {"type": ["string", "null"]}
PROBLEM: dict[str, Any] = {
    "type": "object",
    "title": "Problem",
    "description": "What is wrong (RFC 9457): `detail` says it in words, with the way out.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "field": {**_FIELD, "description": "What it is about."},
        "value": {**_FIELD, "description": "What it was."},
        "errors": {
            "type": "array",
            "description": "Each mistake of a request that is not as this document says.",
            "items": {
                "type": "object",
                "required": ["field", "detail"],
                "properties": {"field": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
    },
    "examples": [_EXAMPLE],
}
_ALWAYS = (400, 401, 403, 421, 422, 429, 503)
_HEADERS = {
    "RateLimit-Limit": {"schema": {"type": "integer"}, "description": "Requests a minute."},
    "RateLimit-Remaining": {"schema": {"type": "integer"}, "description": "How many are left."},
}
_ETAG = {"ETag": {"schema": {"type": "string"}, "description": "The version, for `If-Match`."}}
_RETRY = {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds after which to ask again."}}
_LOCATION = {"Location": {"schema": {"type": "string"}, "description": "Where it is."}}
_SAID = {421: "Asked for under a name that is none of this service's", **{
    status: kind.replace("-", " ").capitalize() for status, kind in problems.KINDS.items()}}  # fmt: skip


def describe(app: FastAPI) -> None:
    """From now on the application's document is complete."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            found = get_openapi(title=app.title, version=app.version, description=ABOUT, routes=app.routes,
                                webhooks=webhook_events.router.routes)  # fmt: skip
            app.openapi_schema = _completed(found)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def _completed(found: dict[str, Any]) -> dict[str, Any]:
    parts = found.setdefault("components", {})
    parts["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    schemas = parts.setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    schemas["Problem"] = PROBLEM
    for path, operations in found["paths"].items():
        for method, operation in operations.items():
            _complete(path, method, operation)
    for operations in found["webhooks"].values():
        for operation in operations.values():
            operation["responses"].pop("422", None)
    return found


def _complete(path: str, method: str, operation: dict[str, Any]) -> None:
    operation["security"] = [{"token": []}]
    answers: dict[str, Any] = operation["responses"]
    has_body = "requestBody" in operation
    statuses = [*_ALWAYS]
    statuses += [404] if "{" in path or has_body or "404" in answers else []
    statuses += [410] if any(each["name"] == "Idempotency-Key" for each in operation.get("parameters", ())) else []
    statuses += [409] if method in {"post", "patch", "delete"} else []
    statuses += [412, 428] if method in {"patch", "delete"} else []
    statuses += [413] if path.endswith(":import") else []
    for status in statuses:
        answers[str(status)] = {
            "description": _SAID[status],
            "content": {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        if status in {429, 503}:
            answers[str(status)]["headers"] = _RETRY
    for said, answer in answers.items():
        if said.startswith("2"):
            versioned = method in {"get", "patch", "post"} and "{" in path
            headers = {**_HEADERS, **(_LOCATION if said == "201" else {}), **(_ETAG if versioned else {})}
            answer["headers"] = headers
