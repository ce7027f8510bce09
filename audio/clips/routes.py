"""Clips over HTTP, for the telephone provider: no login, because it has none; a clip's address is its secret."""

from typing import Final

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import FileResponse

from audio.clips.clip_addresses import PATH, ClipAddresses
from audio.clips.store import ClipStore

_FOR_EVER: Final = {"Cache-Control": "public, max-age=31536000, immutable"}

router = APIRouter(include_in_schema=False)
"""For an application with a ``ClipStore`` in its state as ``clips``, and with ``ClipAddresses`` as ``addresses``."""


@router.api_route(PATH + "{name}.wav", methods=["GET", "HEAD"])
async def clip(name: str, request: Request) -> FileResponse:
    """A clip that exists, for whoever was given its address; a 404 for anything else."""
    store: ClipStore = request.app.state.clips
    addresses: ClipAddresses = request.app.state.addresses
    digest = addresses.digest(name)
    found = store.find(digest) if digest else None
    if found is None:
        raise HTTPException(404)
    return FileResponse(found.path, media_type="audio/wav", headers=_FOR_EVER)
