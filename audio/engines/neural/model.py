"""The neural voice itself: phonemes, a voice and a speed in, sound out. One processor core, and about 500 MB."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from audio.engines.neural import kept_files, voice_files
from audio.engines.neural.pauses import Gap
from audio.engines.neural.phrases import is_mark, phrase_ends
from audio.engines.neural.preparation import GIVEN, STYLE, TOKENS, Prepared, prepared
from audio.engines.neural.timing import FRAME_SECONDS, Break, Expected, frames
from audio.engines.neural.voice_files import INSTALL_IT, NeuralFilesError
from audio.sound.activity import Samples

RATE: Final = 24_000
_STYLE_SIZE: Final = 256
_ONLY_ERRORS: Final = 3
_PAD: Final = 0
"""What stands before and behind the phonemes."""


@dataclass(frozen=True)
class Utterance:
    """What one voice is to say, and how long it expects each token of it to last at its own speed."""

    tokens: NDArray[np.int64]
    style: NDArray[np.float32]
    expected: Expected


@dataclass(frozen=True)
class Spoken:
    """Samples at ``RATE``, and where in them a phrase ends."""

    samples: Samples
    gaps: Sequence[Gap]


class NeuralModel:
    """Sessions of onnxruntime with one thread, of the published model or of one's ``own``.

    Loading takes a second or two, and some more the first time. Raises ``NeuralFilesError``.
    """

    def __init__(self, own: Path | None = None) -> None:
        self._numbers: Mapping[str, int] = voice_files.vocabulary()
        files = _of_own(own) if own else _published()
        self._expecting, self._sounding = _session(files.expecting), _session(files.sounding)

    def utterance(self, phonemes: str, voice: str) -> Utterance:
        """Symbols that the voice lacks are left out.

        Raises ``NeuralFilesError``, ``ValueError`` for more phonemes than it takes.
        """
        said = "".join(each for each in phonemes if each in self._numbers)
        ids = [self._numbers[each] for each in said]
        styles = _styles(voice)
        if not 0 < len(ids) < len(styles):
            raise ValueError(f"the voice takes 1 to {len(styles) - 1} phonemes, not {len(ids)}")
        tokens, style = np.array([[_PAD, *ids, _PAD]], np.int64), styles[len(ids)][None]
        [lengths] = self._expecting.run(None, {TOKENS: tokens, STYLE: style})[0]
        return Utterance(tokens, style, Expected(lengths, [_break(said, end) for end in phrase_ends(said)]))

    def spoken(self, utterance: Utterance, speed: float) -> Spoken:
        """The sound, with some quiet at both ends. ``speed`` 1 is the voice's own."""
        given = frames(utterance.expected.lengths, speed)
        asked = {TOKENS: utterance.tokens, STYLE: utterance.style, GIVEN: given[None]}
        sound: Samples = self._sounding.run(None, asked)[0]
        ends = np.concatenate(([0.0], np.cumsum(given, dtype=np.float64))) * FRAME_SECONDS
        gaps = [
            Gap(float(ends[each.first]), float(ends[each.last + 1]), each.ends_clause)
            for each in utterance.expected.breaks
        ]
        return Spoken(sound, gaps)


def _break(phonemes: str, blank: int) -> Break:
    """The tokens at the end of a phrase: its mark, if it has one, and the blank behind it."""
    ends_clause = is_mark(phonemes[blank - 1])
    return Break(blank + (not ends_clause), blank + 1, ends_clause)


def _published() -> Prepared:
    model = voice_files.published_model()
    if model is None:
        raise NeuralFilesError(f"the voice's model is not installed; {INSTALL_IT}")
    return prepared(model, voice_files.published_sha256())


def _of_own(model: Path) -> Prepared:
    try:
        return prepared(model, kept_files.digest(model))
    except OSError as failure:
        raise NeuralFilesError(f"{model} cannot be read ({failure.strerror})") from failure


def _session(path: Path) -> onnxruntime.InferenceSession:
    """Sentences differ in length: memory that is laid out for each length anew (a pattern) is never used again."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_mem_pattern = False
    options.log_severity_level = _ONLY_ERRORS
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


@cache
def _styles(name: str) -> NDArray[np.float32]:
    return np.fromfile(voice_files.style_path(name), dtype="<f4").reshape(-1, _STYLE_SIZE)
