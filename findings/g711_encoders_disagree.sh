#!/usr/bin/env bash
# The same linear sound as µ-law and A-law bytes from libsndfile (soundfile 0.14.0) and FFmpeg (PyAV 18.1.0).
#
# Guess before running: G.711 is a table, so both give the same bytes for every 16-bit sample, at most +0 and -0 apart.
# Seen: of 65,536 samples 851 differ in µ-law and 849 in A-law, always by one step. In FFmpeg's files the mean error of the
#   whole range is -1.5 (a decision value belongs to the interval below it on both sides of zero), in libsndfile's 0.0. Both
#   call zero 0xFF in µ-law and 0xD5 in A-law.
# What it means: a clip made by one must not be compared byte by byte, or by its hash, with a clip made by the other; a
#   difference of one step on one sample in 77 is no fault of a line.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install soundfile==0.14.0 av==18.1.0 numpy==2.3.5
"$folder/venv/bin/python" - <<'PYTHON'
import io

import av
import numpy as np
import soundfile

EVERY = np.arange(-32768, 32768, dtype=np.int16)


def by_libsndfile(law):
    file = io.BytesIO()
    soundfile.write(file, EVERY, 8000, format="RAW", subtype=law)
    return np.frombuffer(file.getvalue(), np.uint8)


def by_ffmpeg(codec):
    encoder = av.CodecContext.create(codec, "w")
    encoder.sample_rate, encoder.format, encoder.layout = 8000, "s16", "mono"
    frame = av.AudioFrame.from_ndarray(EVERY[None], format="s16", layout="mono")
    frame.sample_rate = 8000
    return np.frombuffer(b"".join(bytes(packet) for packet in [*encoder.encode(frame), *encoder.encode(None)]), np.uint8)


def linear(data, law):
    file = io.BytesIO(data.tobytes())
    return soundfile.read(file, format="RAW", subtype=law, channels=1, samplerate=8000, dtype="int16")[0].astype(int)


for law, codec, zero, expected in (("ULAW", "pcm_mulaw", 0xFF, 851), ("ALAW", "pcm_alaw", 0xD5, 849)):
    sndfile, ffmpeg = by_libsndfile(law), by_ffmpeg(codec)
    differing = np.nonzero(sndfile != ffmpeg)[0]
    errors = [(linear(data, law) - EVERY).mean() for data in (sndfile, ffmpeg)]
    print(f"{law}: {differing.size} of 65536 differ, first at {EVERY[differing[:3]]}; mean error "
          f"libsndfile {errors[0]:.2f}, FFmpeg {errors[1]:.2f}; zero is 0x{sndfile[32768]:02X} in both")
    assert differing.size == expected
    assert sndfile[32768] == ffmpeg[32768] == zero
    assert abs(errors[0]) < 0.1 and -1.6 < errors[1] < -1.3
    levels = np.unique(np.concatenate([linear(sndfile, law), linear(ffmpeg, law)]))
    apart = np.abs(np.searchsorted(levels, linear(sndfile, law)) - np.searchsorted(levels, linear(ffmpeg, law)))
    assert apart.max() == 1, "they differ by more than a step now"
PYTHON
