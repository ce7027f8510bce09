"""Composing: the sound of a prompt of which people have recorded something."""

from collections.abc import Callable, Sequence
from itertools import groupby

from audio.clips.pieces import Joined, Kept, Quiet
from audio.clips.speech import Speech
from core.i18n import Language
from ivr.dialogue.catalogue import Piece, bare, pieces, words
from ivr.dialogue.engine import Prompt
from ivr.listener import Overlay

Voicing = Callable[[str], Speech]
"""How our own voice says a text to this listener."""


def recorded_sound(prompt: Prompt, language: Language, overlay: Overlay, voicing: Voicing) -> Kept | Joined | None:
    """The recording of the whole prompt; or the prompt joined from recorded parts and ours; None without recordings."""
    if not overlay.recordings:
        return None
    if digest := overlay.recordings.get(bare(words(prompt, language))):
        return Kept(digest)
    parts = [piece for piece in pieces(prompt, language) if piece.text]
    if not any(piece.words in overlay.recordings for piece in parts):
        return None
    return _joined(parts, overlay, voicing)


def _joined(parts: Sequence[Piece], overlay: Overlay, voicing: Voicing) -> Joined:
    """Neighbours that nobody has recorded are one sentence of our voice, which then sounds less cut up."""
    sounds: list[Speech | Kept | Quiet] = []
    quiet = 0.0
    for is_recorded, neighbours in groupby(parts, key=lambda piece: piece.words in overlay.recordings):
        for run in ([piece] for piece in neighbours) if is_recorded else [list(neighbours)]:
            quiet = max(quiet, run[0].before)
            if spoken := bare("".join(piece.text for piece in run)):
                if sounds and quiet:
                    sounds.append(Quiet(quiet))
                sounds.append(Kept(overlay.recordings[spoken]) if is_recorded else voicing(spoken))
                quiet = run[-1].after
            else:
                quiet = max(quiet, run[-1].after)
    return Joined(tuple(sounds))
