"""Documents and forms that come in, however odd they are."""

import json

from aiohttp import web

from exchange.errors import ScriptError
from exchange.rest.forms import Form


async def document(request: web.Request) -> object:
    """What the body says; raises ``ScriptError`` where it is no JSON in UTF-8."""
    return read_document(await request.read())


async def form(request: web.Request) -> Form:
    """The form in the body, whatever the request says of it."""
    return Form((await request.read()).decode("utf-8", "replace"))


def read_document(written: str | bytes) -> object:
    """What it says. Numbers of thousands of digits, thousands of brackets and half characters are no JSON of ours."""
    try:
        said: object = json.loads(written)
        json.dumps(said, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise ScriptError(f"this is no JSON: {type(error).__name__}") from error
    return said
