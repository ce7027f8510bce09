"""Errors that the person who caused them can mend."""

from collections.abc import Mapping

from core.i18n import Language, translate


class UserError(Exception):
    """A mistake its author can mend: it names the field, the value and the way out.

    ``message`` and ``way_out`` are catalogue keys (English text with ``{placeholders}``); ``describe`` puts them
    into the reader's language. ``status`` is the HTTP status the web floor answers with.
    """

    status = 422

    def __init__(
        self,
        message: str,
        *,
        way_out: str = "",
        field: str | None = None,
        value: object | None = None,
        **parameters: object,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.way_out = way_out
        self.field = field
        self.value = value
        self.parameters: Mapping[str, object] = {"field": field, "value": value, **parameters}

    def describe(self, language: Language) -> str:
        """The whole sentence for a person: what is wrong, then how to mend it."""
        parts = [translate(language, text, **self.parameters) for text in (self.message, self.way_out) if text]
        return ("" if language is Language.CHINESE else " ").join(parts)

    def __str__(self) -> str:
        return self.describe(Language.ENGLISH)


class NotFoundError(UserError):
    """The named thing does not exist (HTTP 404)."""

    status = 404


class ConflictError(UserError):
    """The request contradicts what has already happened (HTTP 409)."""

    status = 409
