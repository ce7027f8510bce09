"""The language in which a program is told what is wrong."""

from fastapi import Request

from core import settings
from core.i18n import Language
from core.languages import preferred


def language_of(request: Request) -> Language:
    """The one that it asks for (``Accept-Language``), otherwise the installation's."""
    return preferred(request.headers.get("Accept-Language", "")) or settings.current().language
