"""Clips over HTTP, for the telephone provider: no login, because it has none; the name of a clip is its secret."""

import re
from typing import Final

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import FileResponse

from audio.store import ClipStore

_DIGEST: Final = re.compile(r"[0-9a-f]{40}")
_FOR_EVER: Final = {"Cache-Control": "public, max-age=31536000, immutable"}

router = APIRouter(include_in_schema=False)
"""For an application with a ``ClipStore`` in its state as ``clips``."""


@router.api_route("/telephony/audio/{digest}.wav", methods=["GET", "HEAD"])
async def clip(digest: str, request: Request) -> FileResponse:
    """A clip that exists; a 404 for anything else."""
    store: ClipStore = request.app.state.clips
    found = store.find(digest) if _DIGEST.fullmatch(digest) else None
    if found is None:
        raise HTTPException(404)
    return FileResponse(found.path, media_type="audio/wav", headers=_FOR_EVER)
