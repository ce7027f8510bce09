"""Nothing can be left out in continuous integration without being noticed."""

import os
import sys
from pathlib import Path

import pytest

from tests.patience import PATIENCE_SECONDS
from tests.processes import Forked
from tests.running.skipping import SAID

WAYS = {
    "a whole file": "import pytest\npytest.skip('no', allow_module_level=True)",
    "what is not installed": "import pytest\npytest.importorskip('no_such_module')",
    "a mark": "import pytest\n@pytest.mark.skipif(True, reason='no')\ndef test_it(): pass",
    "in the middle": "import pytest\ndef test_it(): pytest.skip('no')",
    "a fixture": "import pytest\n@pytest.fixture\ndef it(): pytest.skip('no')\ndef test_it(it): pass",
}


def run(folder, **environment):
    """A run of pytest over this folder, in a process of its own: how it has ended, and what it has said."""
    said = folder.parent / f"{folder.name}-said"
    said.unlink(missing_ok=True)
    asked = [
        "-p",
        "tests.running.skipping",
        "-p",
        "no:cacheprovider",
        "--rootdir",
        str(folder),
        "-c",
        os.devnull,
        str(folder),
    ]
    running = Forked(_pytest, asked, os.environ | environment, said)
    return running.wait(PATIENCE_SECONDS), said.read_text("utf-8")


def _pytest():
    sys.exit(pytest.main(sys.argv[1:]))


@pytest.mark.parametrize("way", WAYS)
def test_a_skipped_test_is_a_failure_in_continuous_integration(tmp_path, way):
    (tmp_path / "test_here.py").write_text("def test_here(): pass\n")
    (tmp_path / "test_left_out.py").write_text(WAYS[way])
    assert run(tmp_path, CI="")[0] == 0
    exits, said = run(tmp_path, CI="true")
    assert exits != 0
    assert SAID in said


def test_the_continuous_integration_says_that_it_is_one():
    assert "export CI=true" in (Path(__file__).parents[2] / ".ci/run").read_text("utf-8")
