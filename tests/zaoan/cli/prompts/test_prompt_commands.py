"""``zaoan prompt`` as an operator uses it; most of it without any database."""

import json
import re
import shutil
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import soundfile
from typer.testing import CliRunner

from audio.clips.store import ClipStore
from audio.sound.telephone import TARGET_LUFS, measure
from audio.sound.uploads import from_upload
from audio.voice import Voice
from core.i18n import Language
from core.storage import database
from ivr.dialogue.engine import Dialogue, End, Prompt
from ivr.listener import EVERYBODY
from ivr.prompts import own_voices
from ivr.prompts.measuring import Fault, Measured, example_speech
from ivr.queries import own_recordings
from tests.audio.recordings import murmur, press, upload
from tests.databases import sqlite_in
from zaoan.cli.cli import app
from zaoan.process import wiring


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A working directory of its own; the settings are English and keep everything in it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ZAOAN_LANGUAGE", "en")
    monkeypatch.setenv("ZAOAN_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("ZAOAN_DATABASE_URL", f"sqlite:///{tmp_path / 'zaoan.db'}")
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path


@pytest.fixture
def installed(home):
    """That directory with an installation in it."""
    sqlite_in(home)
    return home


@pytest.fixture
def speaking(monkeypatch):
    """Commands speak with the real voice, and there is no player."""
    monkeypatch.setattr("audio.voice.Voice", Voice)
    monkeypatch.setattr(shutil, "which", lambda _: None)


def zaoan(*words):
    return CliRunner().invoke(app, ["prompt", *words])


def test_render_measures_what_it_has_rendered(installed):
    home = installed
    answer = zaoan("render", "check_in.ok", "check_in.unwell", "--language", "zh-CN", "--json")
    assert answer.exit_code == 0, answer.output
    prompts = json.loads(answer.stdout)["prompts"]
    assert [each["key"] for each in prompts] == ["check_in.ok", "check_in.unwell"]
    for each in prompts:
        assert set(each) == {"key", "language", "path", "seconds", "loudness", "peak", "characters_per_minute"}
        assert ClipStore(home / "clips").find(each["path"].rpartition("/")[2].removesuffix(".wav"))
        assert each["loudness"] == pytest.approx(-19, abs=0.5)
        assert each["peak"] <= -3
    assert prompts[1]["characters_per_minute"] == pytest.approx(170, rel=0.1)
    assert prompts[1]["seconds"] > 2 * prompts[0]["seconds"]


def test_a_prompt_that_does_not_sound_as_it_must_is_named(installed):
    home = installed
    loud = np.sin(np.arange(16_000) / 3).astype(np.float32)
    ClipStore(home / "clips").add(example_speech("check_in.ok", Language.ENGLISH).digest, loud)
    answer = zaoan("render", "check_in.ok")
    assert answer.exit_code == 1
    assert "check_in.ok [en]: not as loud as the others, too loud for a telephone at its peak" in answer.output


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({}, ()),
        ({"loudness": -19.6}, (Fault.UNEVEN,)),
        ({"peak": -2.9}, (Fault.PEAK,)),
        ({"spoken_seconds": 8.0}, (Fault.PACE,)),
        ({"spoken_seconds": 14.0}, (Fault.PACE,)),
        ({"units": 4, "spoken_seconds": 1.0}, ()),
        ({"path": None}, (Fault.UNSPOKEN,)),
    ],
)
def test_what_a_telephone_needs(home, changes, faults):
    right = {"path": home, "loudness": -19.0, "peak": -3.5, "units": 30, "spoken_seconds": 10.6}
    assert Measured("k", Language.CHINESE, **(right | changes)).faults == faults


def test_list_shows_words_and_numbers_the_parts(home):
    answer = zaoan("list", "--json")
    listed = {each["key"]: each for each in json.loads(answer.stdout)["prompts"]}
    assert listed["check_in.greeting"]["parts"][0] == "Hello"
    assert listed["check_in.greeting"]["gaps"] == ["called", "community"]
    assert "1  Hello" in zaoan("list").output


def test_play_uses_the_machines_player_or_says_where_the_file_is(installed, speaking, monkeypatch):
    home = installed
    answer = zaoan("play", "check_in.ok")
    assert answer.exit_code == 0
    assert str(home / "clips") in answer.output
    assert "no sound player" in answer.output
    monkeypatch.undo()
    monkeypatch.setattr("audio.voice.Voice", Voice)
    (home / "aplay").write_text('#!/bin/sh\necho "$2" > played\n')
    (home / "aplay").chmod(0o755)
    monkeypatch.chdir(home)
    monkeypatch.setenv("PATH", f"{home}:/bin:/usr/bin")
    monkeypatch.setenv("ZAOAN_DATA_DIR", str(home))
    monkeypatch.setenv("ZAOAN_DATABASE_URL", f"sqlite:///{home / 'zaoan.db'}")
    monkeypatch.setattr("zaoan.cli.prompts.prompt_play.PLAYERS", (("aplay", "-q"),))
    assert zaoan("play", "check_in.ok", "--language", "en").exit_code == 0
    assert (home / "played").read_text().strip().endswith(".wav")


def test_play_plays_what_a_call_would_play_and_says_whose_voice_it_is(installed, speaking):
    home = installed
    assert (
        "the simpler synthetic voice (pyttsx3): nobody has recorded these words" in zaoan("play", "check_in.ok").output
    )
    (home / "familiar.wav").write_bytes(upload(SPOKEN))
    assert zaoan("record", "check_in.ok", "familiar.wav", "--note", "daughter").exit_code == 0
    (kept,) = json.loads(zaoan("recordings", "--json").stdout)["recordings"]
    answer = zaoan("play", "check_in.ok")
    assert answer.exit_code == 0, answer.output
    assert "a person's recording: daughter" in answer.output
    assert _file_named_in(answer.output).read_bytes() == _sound_in_a_call(kept["words"])
    assert "the simpler synthetic voice (pyttsx3): nobody" in zaoan("play", "check_in.ok", "--language", "zh-CN").output
    assert zaoan("record", "check_in.greeting", "familiar.wav", "--part", "1").exit_code == 0
    assert "the synthetic voice with people's recordings in it" in zaoan("play", "check_in.greeting").output


def test_play_asks_for_whom_and_tells_when_the_provider_would_speak(installed, speaking, monkeypatch):
    home = installed
    people = "姓名,电话,楼栋,房号,同意,语言\n王秀英,0311-86012345,3号楼,301,签字 2026-11-01,中文\n"
    (home / "people.csv").write_text(people, "utf-8")
    assert CliRunner().invoke(app, ["import", "people.csv"]).exit_code == 0
    (home / "familiar.wav").write_bytes(upload(SPOKEN))
    recorded = zaoan("record", "check_in.ok", "familiar.wav", "--resident", "王秀英", "--note", "儿子")
    assert recorded.exit_code == 0, recorded.output
    assert "a person's recording: 儿子" in zaoan("play", "check_in.ok", "--resident", "王秀英").output
    assert "the simpler synthetic voice (pyttsx3): nobody" in zaoan("play", "check_in.ok", "--language", "zh-CN").output
    monkeypatch.setenv("ZAOAN_VOICE", "provider")
    assert "provider's voice says this" in zaoan("play", "check_in.ok", "--language", "en").output
    assert "a person's recording: 儿子" in zaoan("play", "check_in.ok", "--resident", "王秀英").output
    assert "Nobody" in zaoan("play", "check_in.ok", "--resident", "Nobody").output


def test_say_writes_any_sentence_as_a_call_would_play_it(home, speaking):
    answer = zaoan(
        "say",
        "贾奶奶，明天八点半见。",
        "--name",
        "贾奶奶",
        "--language",
        "zh-CN",
        "--voice",
        "男声",
        "--out",
        "said.wav",
    )
    assert answer.exit_code == 0, answer.output
    samples, rate = soundfile.read(home / "said.wav")
    assert (rate, soundfile.info(home / "said.wav").subtype) == (8000, "ULAW")
    assert 1.5 < len(samples) / rate < 8
    assert [each.name for each in home.iterdir()] == ["said.wav"], "no installation was made for it"
    faster = zaoan("say", "贾奶奶，明天八点半见。", "--language", "zh-CN", "--pace", "200", "--out", "faster.wav")
    assert faster.exit_code == 0, faster.output
    assert soundfile.info(home / "faster.wav").duration < len(samples) / rate


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("ع", "--out", "said.wav"), "This cannot be said"),
        (("您好", "--pace", "900", "--out", "said.wav"), "is no pace of speaking"),
        (("您好", "--out", "nowhere/said.wav"), "cannot be written"),
        (("您好", "--voice", "robot", "--out", "said.wav"), "robot"),
    ],
)
def test_what_cannot_be_said_is_told_with_the_way_out_and_no_file_is_written(home, speaking, words, told):
    answer = zaoan("say", *words, "--language", "zh-CN")
    assert answer.exit_code != 0
    assert told in answer.output
    assert list(home.iterdir()) == []


def test_the_list_says_whose_voice_says_what_nobody_has_recorded(installed, monkeypatch):
    assert "said by pyttsx3, our simpler voice" in zaoan("list").output
    assert json.loads(zaoan("list", "--json").stdout)["voices"] == ["pyttsx3", "provider"]
    monkeypatch.setenv("ZAOAN_VOICE", "provider")
    assert "said by the telephone provider's voice" in zaoan("list").output
    monkeypatch.setenv("ZAOAN_VOICE", "neural")
    assert json.loads(zaoan("list", "--json").stdout)["voices"] == ["neural", "pyttsx3", "provider"]


def _file_named_in(output):
    return Path(re.search(r"The sound file is (.+?\.wav)", output.replace("\n", ""))[1])


@pytest.mark.parametrize("words", [("render", "check_in.ok"), ("render", "--all"), ("play", "check_in.ok")])
def test_where_there_is_no_installation_nothing_is_made(home, words):
    answer = zaoan(*words)
    assert answer.exit_code != 0
    assert f"There is no installation at {home / 'zaoan.db'}." in (answer.output or str(answer.exception))
    assert list(home.iterdir()) == []


def test_an_unknown_prompt_is_refused_with_a_way_out(installed):
    answer = zaoan("render", "check_in.okay")
    assert answer.exit_code == 1
    assert "There is no prompt check_in.okay. `zaoan prompt list` names them." in answer.output


def test_a_recording_is_kept_listed_and_forgotten(installed):
    home = installed
    (home / "familiar.webm").write_bytes(upload(murmur(), "webm", "libopus"))
    answer = zaoan("record", "check_in.ok", "familiar.webm", "--note", "daughter")
    assert answer.exit_code == 0, answer.output
    assert "Thank you. I'm glad you're well" in answer.output
    (kept,) = json.loads(zaoan("recordings", "--json").stdout)["recordings"]
    assert (kept["key"], kept["note"], kept["resident"]) == ("check_in.ok", "daughter", None)
    assert zaoan("record", "check_in.greeting", "familiar.webm", "--part", "1").exit_code == 0
    assert zaoan("record", "check_in.greeting", "familiar.webm", "--says", "Mrs Wang").exit_code == 0
    assert zaoan("forget", kept["id"]).exit_code == 0
    assert len(json.loads(zaoan("recordings", "--json").stdout)["recordings"]) == 2


SPOKEN = murmur(2)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("stereo.wav", lambda: upload(np.stack((SPOKEN, 0.8 * SPOKEN)), layout="stereo")),
        ("cancelling.wav", lambda: upload(np.stack((SPOKEN, -SPOKEN)), layout="stereo")),
        ("voice.wma", lambda: upload(SPOKEN, "asf", "wmav2", "stereo")),
    ],
)
def test_what_a_call_plays_is_what_was_spoken_into_the_file(installed, name, content):
    (installed / name).write_bytes(content())
    answer = zaoan("record", "check_in.ok", name)
    assert answer.exit_code == 0, answer.output
    (kept,) = json.loads(zaoan("recordings", "--json").stdout)["recordings"]
    heard, rate = soundfile.read(BytesIO(_sound_in_a_call(kept["words"])))
    assert (rate, heard.ndim) == (8000, 1)
    assert len(heard) / rate == pytest.approx(kept["seconds"], abs=0.01)
    clip = measure(heard)
    assert clip.activity.seconds == pytest.approx(2, abs=0.15)
    assert clip.loudness_lufs == pytest.approx(TARGET_LUFS, abs=0.5)
    assert np.corrcoef(_spectrum(heard), _spectrum(from_upload(upload(SPOKEN))))[0, 1] > 0.95


def _sound_in_a_call(words):
    """What is played where a call to anybody says these words."""
    opened = wiring.open_house(wiring.settings.Settings())
    with database.reading() as session:
        saying = Dialogue(
            name="one", language="en", first="only", steps={"only": End(prompts=(Prompt(key="check_in.ok"),))}
        )
        digest = own_voices.overlay(session, saying, EVERYBODY).recordings[words]
        sound = own_recordings.recorded_sound(session, digest)
    opened.close()
    return sound


def _spectrum(samples):
    return np.abs(np.fft.rfft(samples, 32_768)).reshape(-1)[:16_384].reshape(-1, 64).max(axis=1)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("check_in.ok", "nothing.wav"), "nothing.wav cannot be read"),
        (("check_in.ok", "noise.wav"), "its format is not known"),
        (("check_in.ok", "key.wav"), "sounds like key 5 of a telephone"),
        (("check_in.greeting", "voice.wav"), "{called} of check_in.greeting is not the same"),
        (("check_in.ok", "voice.wav", "--resident", "Unheard-of"), "Unheard-of"),
        (("check_in.ok", "voice.wav", "--campaign", "None"), "None"),
    ],
)
def test_a_mistake_is_named_and_keeps_nothing(installed, words, why):
    home = installed
    (home / "noise.wav").write_bytes(b"noise")
    (home / "voice.wav").write_bytes(upload(murmur()))
    (home / "key.wav").write_bytes(upload(np.concatenate((murmur(), press(), murmur()))))
    answer = zaoan("record", *words)
    assert answer.exit_code == 1
    assert why in answer.output
    opened = wiring.open_house(wiring.settings.Settings())
    with database.reading() as session:
        assert own_recordings.recorded_prompts(session) == []
    opened.close()


@pytest.mark.parametrize(
    ("words", "printed"),
    [
        (["请让贾国强来听电话", "--name", "贾国强"], "qing3 rang4 jia3 guo2 qiang2 lai2 ting1 dian4 hua4"),
        (["盖奶奶", "--name", "盖奶奶"], "ge3 nai3 nai5"),
        (["盖奶奶", "--name", "盖奶奶", "--reading", "gài"], "gai4 nai3 nai5"),
        (["楼栋长，8601 2345"], "lou2 dong4 zhang3 ， ba1 liu4 ling2 yao1 ， er4 san1 si4 wu3"),
    ],
)  # fmt: skip
def test_pinyin_prints_the_syllables_that_the_voice_is_told(home, words, printed):
    answer = zaoan("pinyin", *words)
    assert (answer.exit_code, answer.stdout.strip()) == (0, printed)
    document = json.loads(zaoan("pinyin", *words, "--json").stdout)
    assert [each for word in document["words"] for each in word["syllables"]] == re.findall("[a-z]+[1-5]", printed)


def test_on_a_screen_the_syllables_carry_tone_marks(home, monkeypatch):
    monkeypatch.setattr("zaoan.cli.prompts.prompt.is_a_screen", lambda: True)
    answer = zaoan("pinyin", "李长海，绿豆八个。", "--name", "李长海", "--reading", "lǐ cháng hǎi")
    assert (answer.exit_code, answer.stdout.strip()) == (0, "lǐ cháng hǎi ， lǜ dòu bā gè 。")
