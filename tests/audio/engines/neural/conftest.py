import sys
from importlib.machinery import PathFinder

import pytest

from audio.engines.neural import voice_files
from core import settings
from tests.audio.engines.neural.packages import Machine


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """Where the neural voice's packages are installed, and nothing has been set up yet."""
    made = Machine(tmp_path).set_up()
    monkeypatch.setattr(voice_files, "HERE", made.room)
    monkeypatch.setattr(voice_files, "find_spec", lambda package: PathFinder.find_spec(package, [str(made.site)]))
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "environment"))
    monkeypatch.delenv("ZAOAN_VOICE_MODEL", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    voice_files._all_published.cache_clear()
    with settings.using(None):
        yield made
    voice_files._all_published.cache_clear()
