"""The model in two: together they give what the whole gives, and how long something lasts is known before it sounds."""

import sys

import numpy as np
import onnxruntime
import pytest

from audio.engines.neural import kept_files, voice_files
from audio.engines.neural.preparation import prepared
from audio.engines.neural.voice_files import NeuralFilesError
from tests.audio.engines.neural.packages import MODEL, model

SHA256 = "0123456789abcdef"
TOKENS = np.array([[0, 3, 1, 0]], np.int64)
STYLE = np.array([[0.5]], np.float32)


def run(path, **asked):
    return onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"]).run(None, asked)[0]


@pytest.fixture
def whole(machine):
    path = machine.root / "whole.onnx"
    path.write_bytes(MODEL)
    return path


def test_the_lengths_are_those_at_speed_1_and_given_back_they_sound_like_the_whole(whole):
    parts = prepared(whole, SHA256)
    lengths = run(parts.expecting, tokens=TOKENS, style=STYLE)
    assert lengths.tolist() == [[0, 6, 2, 0]]
    for speed in (1.0, 0.8):
        at_once = run(whole, tokens=TOKENS, style=STYLE, speed=np.array([speed], np.float32))
        given = (lengths / speed).astype(np.float32)
        assert run(parts.sounding, tokens=TOKENS, style=STYLE, given_lengths=given).tolist() == at_once.tolist()


def test_it_is_made_once_for_each_model(whole, monkeypatch):
    first = prepared(whole, SHA256)
    assert prepared(whole, "another" + SHA256) != first
    whole.unlink()
    assert prepared(whole, SHA256) == first
    first.sounding.write_bytes(b"changed")
    with pytest.raises(NeuralFilesError, match="is no model of this voice"):
        prepared(whole, SHA256)


@pytest.mark.parametrize("content", [b"no model", model(divisions=0), model(divisions=2)])
def test_what_is_no_model_of_this_form_is_refused_and_nothing_is_kept(machine, content):
    path = machine.root / "own.onnx"
    path.write_bytes(content)
    with pytest.raises(NeuralFilesError, match=r"own\.onnx is no model of this voice"):
        prepared(path, SHA256)
    assert not list(machine.cache.glob("*"))


def test_without_the_package_that_prepares_it_the_way_out_is_said(whole, monkeypatch):
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(NeuralFilesError, match="the package onnx is not installed; `make demo` installs it"):
        prepared(whole, SHA256)


def test_what_make_installs_has_been_prepared():
    """The real model, as set-up has left it."""
    sha256 = voice_files.published_sha256()
    parts = prepared(voice_files.published_model(), sha256)
    assert {kept_files.find_made(path.name) for path in (parts.expecting, parts.sounding)} == set(vars(parts).values())
    assert parts.expecting.stat().st_size < parts.sounding.stat().st_size / 4
