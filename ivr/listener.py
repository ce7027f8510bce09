"""Overlays: what sounds otherwise for one listener than for everybody — recordings in place of the voice, and which
of its voices speaks the rest. An overlay is settled when its call is made, so that no turn has to look anything up."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from core.timbre import Timbre


@dataclass(frozen=True)
class Listener:
    """Who hears a call, as far as that decides how it sounds: residents (the first one's recordings win), campaign."""

    resident_ids: tuple[UUID, ...] = ()
    campaign_id: UUID | None = None
    timbre: Timbre = Timbre.USUAL


class Overlay(BaseModel):
    """``recordings``: words, without the marks around them → the digest of the sound that is played for them.

    ``readings``: what a resident is called → how their family reads it, as
    ``audio.reading.syllables.names.named`` takes it, or nothing for one who is named in a text and read as names are.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    timbre: Timbre = Timbre.USUAL
    recordings: Mapping[str, str] = {}
    readings: Mapping[str, str] = {}

    def written(self) -> dict[str, Any] | None:
        """As a call keeps it; None for the plain one."""
        return self.model_dump(mode="json", exclude_defaults=True) or None


EVERYBODY = Listener()
PLAIN = Overlay()


def overlay_from(written: Mapping[str, Any] | None) -> Overlay:
    """The overlay that a call keeps."""
    return Overlay.model_validate(written) if written else PLAIN
