"""Words become sound for a provider without a voice of its own: what has no clip is said by our quickest voice."""

import asyncio
import json
import logging
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Response

from audio.voice import SpeechFailed
from core.i18n import Language
from ivr.ports.webhook_paths import SPEECH
from ivr.provider.station import station
from ivr.webhooks.receiving import genuine_body

log = logging.getLogger(__name__)
router = APIRouter(include_in_schema=False)


@router.post(SPEECH)
async def speech(body: Annotated[bytes, Depends(genuine_body)]) -> Response:
    """A WAV file that says ``text`` in ``language``; 422 for what is neither, 503 where no voice of ours can say it."""
    try:
        told = json.loads(body)
        text, language = str(told["text"]), Language(told["language"])
    except (ValueError, KeyError, TypeError) as failure:
        raise HTTPException(422, "no words in a language of ours") from failure
    try:
        sound = await asyncio.to_thread(station().speaker.said_now, text, language)
    except SpeechFailed as failure:
        log.error("a caller hears nothing instead of words: %s", failure.reason)
        raise HTTPException(503, "no voice can say it") from failure
    return Response(sound, media_type="audio/wav")
