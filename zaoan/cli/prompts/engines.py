"""Which engine speaks to whoever asks for a sound by a command."""

from typing import Annotated

import typer

from audio.engines.choice import engines_for
from audio.engines.engine import Engine
from core.settings import FirstVoice, Settings

By = Annotated[Engine | None, typer.Option("--engine", help="The engine; otherwise the one that speaks in calls.")]


def our_engine(chosen: Settings, asked: Engine | None = None) -> Engine:
    """The one that was asked for; else the first of ours that speaks in calls, or would if the provider did not."""
    return asked or (engines_for(chosen.voice) or engines_for(FirstVoice.OWN))[0]
