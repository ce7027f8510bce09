"""What pydantic refuses, in the user's language and without the value, which may be secret."""

from collections.abc import Mapping
from typing import Any

from pydantic_core import PydanticCustomError

from core.i18n import Language, translate

OURS = "zaoan"
REASONS: Mapping[str, str] = {
    "int_parsing": "a whole number is needed",
    "int_type": "a whole number is needed",
    "int_from_float": "a whole number is needed",
    "float_parsing": "a number is needed",
    "float_type": "a number is needed",
    "bool_parsing": "true or false is needed",
    "bool_type": "true or false is needed",
    "string_type": "words are needed",
    "enum": "choose one of {expected}",
    "literal_error": "choose one of {expected}",
    "greater_than": "it must be more than {gt}",
    "greater_than_equal": "it must be at least {ge}",
    "less_than": "it must be less than {lt}",
    "less_than_equal": "it must be at most {le}",
    "missing": "it is missing",
    "extra_forbidden": "there is no such setting",
    "finite_number": "a number is needed",
}
INSTANT = "give the instant with its offset, for example 2026-11-23T07:55:00+08:00"


def refused(said: str, **gaps: object) -> PydanticCustomError:
    """What a validator of ours raises: a sentence of the catalogue, without a full stop, with its ``{gaps}``."""
    return PydanticCustomError(OURS, said, {"said": said, **gaps})


def refusal(error: Mapping[str, Any], language: Language) -> str:
    """Why one value was refused (an entry of ``ValidationError.errors()``), without a full stop."""
    context = dict(error.get("ctx") or {})
    if error["type"] == OURS:
        return translate(language, context.pop("said"), **context)
    if str(error["type"]).startswith(("datetime", "timezone")):
        return translate(language, INSTANT)
    if reason := REASONS.get(error["type"]):
        return translate(language, reason, **{"expected": "", **context})
    return str(error["msg"]).removeprefix("Value error, ").rstrip(".")
