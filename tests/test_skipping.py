"""Nothing can be left out in continuous integration without being noticed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.patience import PATIENCE_SECONDS
from tests.skipping import SAID

WAYS = {
    "a whole file": "import pytest\npytest.skip('no', allow_module_level=True)",
    "what is not installed": "import pytest\npytest.importorskip('no_such_module')",
    "a mark": "import pytest\n@pytest.mark.skipif(True, reason='no')\ndef test_it(): pass",
    "in the middle": "import pytest\ndef test_it(): pytest.skip('no')",
    "a fixture": "import pytest\n@pytest.fixture\ndef it(): pytest.skip('no')\ndef test_it(it): pass",
}


def run(folder, **environment):
    asked = [sys.executable, "-m", "pytest", "-p", "tests.skipping", "-p", "no:cacheprovider", "--rootdir", str(folder)]
    return subprocess.run(
        [*asked, "-c", os.devnull, str(folder)],
        cwd=Path(__file__).parents[1],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )


@pytest.mark.parametrize("way", WAYS)
def test_a_skipped_test_is_a_failure_in_continuous_integration(tmp_path, way):
    (tmp_path / "test_here.py").write_text("def test_here(): pass\n")
    (tmp_path / "test_left_out.py").write_text(WAYS[way])
    assert run(tmp_path, CI="").returncode == 0
    refused = run(tmp_path, CI="true")
    assert refused.returncode != 0
    assert SAID in refused.stdout


def test_the_continuous_integration_says_that_it_is_one():
    assert "export CI=true" in (Path(__file__).parents[1] / ".ci/run").read_text("utf-8")
