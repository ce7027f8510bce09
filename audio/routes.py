"""Clips over HTTP, for the telephone provider: no login, because it has none; the name of a clip is its secret."""

import re
from typing import Final

from fastapi import APIRouter, HTTPException
from fastapi.responses import FileResponse

from audio.store import ClipStore

_DIGEST: Final = re.compile(r"[0-9a-f]{40}")
_FOR_EVER: Final = {"Cache-Control": "public, max-age=31536000, immutable"}


def router(store: ClipStore) -> APIRouter:
    """``GET`` and ``HEAD /telephony/audio/{digest}.wav``; anything but a clip that exists is a 404."""
    routes = APIRouter()

    @routes.api_route("/telephony/audio/{digest}.wav", methods=["GET", "HEAD"], include_in_schema=False)
    async def clip(digest: str) -> FileResponse:
        found = store.find(digest) if _DIGEST.fullmatch(digest) else None
        if found is None:
            raise HTTPException(404)
        return FileResponse(found.path, media_type="audio/wav", headers=_FOR_EVER)

    return routes
