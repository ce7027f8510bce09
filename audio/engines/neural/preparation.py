"""The model of the neural voice in two: how long each phoneme is expected to last, and the sound of given lengths.

The published graph (kokoro-onnx, ``model-files-v1.0``) takes ``tokens``, ``style`` and ``speed``, gives ``audio``, and
divides the lengths that it expects by the speed. To draw the sound costs twenty times as much as to know its length;
asked for the lengths alone, onnxruntime 1.32.0 draws the sound all the same. Cut in two at this division, the model
says first what it expects, and a sound is drawn once, at the right pace. What is calculated stays the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from audio.engines.neural import kept_files
from audio.engines.neural.voice_files import INSTALL_IT, NeuralFilesError

if TYPE_CHECKING:
    import onnx

TOKENS, STYLE, SPEED, SOUND = "tokens", "style", "speed", "audio"
LENGTHS, GIVEN = "lengths", "given_lengths"
_RECIPE: Final = 1
"""Part of the names under which what was prepared is kept: it grows with every change here."""


@dataclass(frozen=True)
class Prepared:
    """Two ONNX files. ``expecting``: tokens and style to lengths, in frames at speed 1 and not rounded, [1, tokens].

    ``sounding``: tokens, style and lengths, which it rounds to whole frames, one at the least, to the sound.
    """

    expecting: Path
    sounding: Path


def prepared(model: Path, sha256: str) -> Prepared:
    """The model in two, from the cache; made now, in a few seconds and 500 MB, where it is not kept.

    Raises ``NeuralFilesError``.
    """
    names = [f"{part}-{sha256[:12]}-{_RECIPE}.onnx" for part in ("expecting", "sounding")]
    kept = [found for name in names if (found := kept_files.find_made(name))]
    if len(kept) < len(names):
        kept = [_kept(name, part) for name, part in zip(names, _cut(model), strict=True)]
    return Prepared(*kept)


def _kept(name: str, part: "onnx.ModelProto") -> Path:
    try:
        return kept_files.keep_made(name, part.SerializeToString(deterministic=True))
    except OSError as failure:
        mend = "make room, or name another folder in XDG_CACHE_HOME"
        raise NeuralFilesError(f"{name} of the voice cannot be kept ({failure}); {mend}") from failure


def _cut(model: Path) -> Iterator["onnx.ModelProto"]:
    try:
        import onnx
        from google.protobuf.message import DecodeError
        from onnx.utils import Extractor
    except ImportError as missing:
        raise NeuralFilesError(f"the package {missing.name} is not installed; {INSTALL_IT}") from missing
    try:
        whole = onnx.load(model)
        _open(whole.graph)
        cutter = Extractor(whole)
        yield cutter.extract_model([TOKENS, STYLE], [LENGTHS])
        yield cutter.extract_model([TOKENS, STYLE, GIVEN], [SOUND])
    except (OSError, ValueError, DecodeError, onnx.checker.ValidationError) as failure:
        raise NeuralFilesError(f"{model} is no model of this voice ({failure})") from failure


def _open(graph: "onnx.GraphProto") -> None:
    """Makes what the model expects an output, and what it goes on with an input of its own."""
    from onnx import TensorProto, helper

    divisions = [node for node in graph.node if node.op_type == "Div" and list(node.input[1:]) == [SPEED]]
    if len(divisions) != 1:
        raise ValueError(f"it divides {len(divisions)} times by its input {SPEED!r}, not once")
    [division] = divisions
    for node in graph.node:
        for position, name in enumerate(node.input):
            if name == division.output[0]:
                node.input[position] = GIVEN
    graph.node.append(helper.make_node("Identity", [division.input[0]], [LENGTHS]))
    graph.output.append(helper.make_tensor_value_info(LENGTHS, TensorProto.FLOAT, [1, TOKENS]))
    graph.input.append(helper.make_tensor_value_info(GIVEN, TensorProto.FLOAT, [1, TOKENS]))
