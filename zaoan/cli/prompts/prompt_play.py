"""``zaoan prompt play``: one prompt as a call says it, by whoever says it there."""

import shutil
import subprocess
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from core import settings
from core.i18n import translate
from core.settings import FirstVoice, Settings
from core.storage.database import reading
from ivr.prompts.sources import Source, source_of
from zaoan.cli.prompts.prompt import In, Key, known_prompt
from zaoan.cli.prompts.prompt_render import complain_of
from zaoan.terminal.common import installation_open, say
from zaoan.terminal.file_reads import note_read
from zaoan.terminal.spoken import complain

if TYPE_CHECKING:
    from audio.voice import Voice
    from campaigns.listeners import OnePrompt

WHOSE = {
    Source.JOINED: "This is the synthetic voice with people's recordings in it.",
    Source.NEURAL: "This is the synthetic voice: nobody has recorded these words.",
    Source.PYTTSX3: "This is the simpler synthetic voice (pyttsx3): nobody has recorded these words.",
}
PLAYERS = (("paplay",), ("aplay", "-q"), ("play", "-q"), ("afplay",))


def play(
    key: Key,
    resident: Annotated[str, typer.Option(help="As this resident hears it (name).")] = "",
    campaign: Annotated[str, typer.Option(help="As it is heard in the calls of this campaign (name).")] = "",
    language: In = None,
) -> None:
    """Plays one prompt as a call says it, or says where its sound file is.

    A person's recording comes first, then the synthetic voice. Gaps that are not the same in every call are filled
    with example words.
    """
    from audio.clips.store import ClipStore  # all that speaks is loaded by whoever wants to hear something
    from audio.voice import Voice
    from campaigns.listeners import language_of, one_prompt, scope_of
    from ivr.prompts import own_voices
    from ivr.queries import own_recordings

    with installation_open() as chosen:
        with reading() as session:
            scope = scope_of(session, resident=resident, campaign=campaign)
            if scope.resident_id:
                note_read(scope.resident_id)
            spoken = language or language_of(session, scope)
            wanted = one_prompt(session, known_prompt(key, spoken), spoken, scope)
            recorded_by = {each.digest: each.note for each in own_recordings.recorded_prompts(session)}
        with closing(
            Voice(ClipStore(chosen.data_dir / "clips"), keeper=own_voices.sound_of, model=chosen.voice_model)
        ) as voice:
            path = _heard(voice, chosen, wanted, recorded_by)
    say("The sound file is {path}.", path=path)
    _play(path)


def _heard(voice: "Voice", chosen: Settings, wanted: "OnePrompt", recorded_by: Mapping[str, str]) -> Path:
    """The sound file, after saying whose voice it is; where the provider's would be heard it is ours."""
    from audio.clips.clip_addresses import ClipAddresses
    from audio.clips.pieces import Kept
    from audio.engines.choice import engines_for, model_of
    from audio.voice import SpeechFailed
    from ivr.prompts.measuring import Measured
    from ivr.prompts.speaker import Speaker

    asked = (wanted.prompt, wanted.dialogue, wanted.overlay)
    addresses = ClipAddresses(chosen.public_url, chosen.secret())
    try:
        engines = engines_for(chosen.voice)
        heard = Speaker(voice, addresses, engines, model=model_of(chosen)).heard(*asked)
        if heard is None:
            say("In a call the telephone provider's voice says this; here it is ours.")
            ours = engines_for(FirstVoice.OWN)
            heard = Speaker(voice, addresses, ours, model=model_of(chosen)).heard(*asked)
    except SpeechFailed as failure:
        complain_of([Measured(wanted.prompt.key, wanted.dialogue.language, None, reason=failure.reason)], {})
        raise typer.Exit(1) from failure
    assert heard is not None, "our own voice has a sound for every prompt"
    sound, clip = heard
    source = source_of(sound)
    if source is Source.RECORDED:
        assert isinstance(sound, Kept)
        say("This is a person's recording: {note}", note=recorded_by.get(sound.digest) or "–")
    elif engines and source in WHOSE:
        say(WHOSE[source])
    return clip.path


def _play(path: Path) -> None:
    player = next((each for each in PLAYERS if shutil.which(each[0])), None)
    if player is None:
        say("This machine has no sound player that Zao'an knows: {players}.", players=", ".join(p[0] for p in PLAYERS))
        return
    if subprocess.run([*player, str(path)], check=False).returncode:
        complain(translate(settings.current().language, "The sound player failed."))
        raise typer.Exit(1)
