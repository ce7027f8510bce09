"""The neural voice itself: phonemes, a voice and a speed in, sound out. One processor core, and about 500 MB."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from audio.engines import neural_files
from audio.engines.neural_files import INSTALL_IT, NeuralFilesError
from audio.sound.activity import Samples

RATE: Final = 24_000
_STYLE: Final = 256
_ONLY_ERRORS: Final = 3
_PAD: Final = 0
"""What stands before and behind the phonemes."""


class NeuralModel:
    """A session of onnxruntime with one thread, of the published model or of one's ``own``.

    Loading takes a second or two. Raises ``NeuralFilesError``.
    """

    def __init__(self, own: Path | None = None) -> None:
        self._numbers: Mapping[str, int] = neural_files.vocabulary()
        path = own or neural_files.published_model()
        if path is None:
            raise NeuralFilesError(f"the voice's model is not installed; {INSTALL_IT}")
        self._session = _session(path)

    def spoken(self, phonemes: str, voice: str, speed: float) -> Samples:
        """The sound at ``RATE``, with some quiet at both ends. ``speed`` 1 is the voice's own.

        Symbols that the voice lacks are left out. Raises ``NeuralFilesError``, ``ValueError`` for more than it takes.
        """
        ids = [self._numbers[each] for each in phonemes if each in self._numbers]
        style = _style(voice)
        if not 0 < len(ids) < len(style):
            raise ValueError(f"the voice takes 1 to {len(style) - 1} phonemes, not {len(ids)}")
        asked = {
            "tokens": np.array([[_PAD, *ids, _PAD]], np.int64),
            "style": style[len(ids)][None],
            "speed": np.array([speed], np.float32),
        }
        sound: Samples = self._session.run(None, asked)[0]
        return sound


def _session(path: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = _ONLY_ERRORS
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


@cache
def _style(name: str) -> NDArray[np.float32]:
    return np.fromfile(neural_files.style_path(name), dtype="<f4").reshape(-1, _STYLE)
