"""Problems as RFC 9457 has them: what is wrong, of which field, and how to mend it, in the language of whoever asks."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from core.errors import UserError
from core.i18n import Language, translate
from core.refusals import refusal

MEDIA_TYPE = "application/problem+json"
KINDS: Mapping[int, str] = {
    400: "bad-request",
    401: "not-signed-in",
    403: "not-allowed",
    404: "not-found",
    405: "method-not-allowed",
    409: "conflict",
    410: "gone",
    412: "changed-meanwhile",
    413: "too-large",
    415: "unsupported-media-type",
    422: "invalid",
    428: "precondition-required",
    429: "too-many-requests",
    503: "unavailable",
}
_PLACES = {"body", "query", "path", "header", "cookie"}


def answer(error: UserError, language: Language, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """A mistake that its author can mend."""
    value = None if error.value is None else str(error.value)
    return _problem(error.status, language, error.describe(language), headers, field=error.field, value=value)


def invalid(error: RequestValidationError, language: Language) -> JSONResponse:
    """A request that is not as the document says: every mistake of it, each with its field."""
    errors = [_error(each, language) for each in error.errors()]
    first = errors[0] if errors else {"field": None, "detail": ""}
    detail = " ".join(f"{each['field']}: {each['detail']}." for each in errors)
    return _problem(422, language, detail, None, field=first["field"], value=None, errors=errors)


def of_http(error: HTTPException, language: Language) -> JSONResponse:
    """What the framework refuses by itself: an address that is none, a method that there is not."""
    detail = translate(language, f"problem:{error.status_code}")
    return _problem(error.status_code, language, detail, error.headers, field=None, value=None)


def _problem(
    status: int,
    language: Language,
    detail: str,
    headers: Mapping[str, str] | None,
    *,
    field: str | None,
    value: str | None,
    errors: Sequence[Mapping[str, Any]] = (),
) -> JSONResponse:
    body: dict[str, Any] = {
        "type": f"urn:zaoan:problem:{KINDS.get(status, 'other')}",
        "title": translate(language, f"problem:{status}") if status in KINDS else str(status),
        "status": status,
        "detail": detail,
        "field": field,
        "value": value,
    }
    if errors:
        body["errors"] = list(errors)
    spoken = {"Content-Language": language.value, "Vary": "Accept-Language, Cookie"}
    return JSONResponse(body, status, {**spoken, **(headers or {})}, MEDIA_TYPE)


def _error(error: Mapping[str, Any], language: Language) -> dict[str, str]:
    where = [str(each) for each in error["loc"]]
    named = where[1:] if where and where[0] in _PLACES else where
    # A tagged field is named by its path; the value is left out, which may be somebody's telephone.
    return {"field": ".".join(named) or "body", "detail": re.sub(r"\s+", " ", refusal(error, language))}
