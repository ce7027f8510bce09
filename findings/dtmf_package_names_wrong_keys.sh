#!/usr/bin/env bash
# Keys of a telephone (DTMF) heard by two packages: dtmf 1.1.0 and pydtmf 1.0.0.
#
# Guess before running: both find all sixteen keys in clean tones of 100 ms, as ITU-T Q.23 defines them, at 8 kHz.
# Seen: dtmf 1.1.0 finds all sixteen only at full scale (two sines of 0.5 each). At -3 dB it loses eight of them, at -15 dB,
#   a usual loudness on a line, it finds 1 and * alone, at -30 dB none. Its own generator makes tones of up to
#   1.94, beyond full scale, and in these it names wrong keys: 5 and 6 are told as 2, 0 and # as 8; for the silence
#   that the generator leaves behind the tone detect() raises ZeroDivisionError. pydtmf 1.0.0 finds all, down to 40 ms with
#   40 ms between two equal keys, and 30 dB below full scale.
# What it means: 0 ("I want to talk to somebody") told as 8 is not a missed key but a wrong answer. A detector is tried with
#   every key before it may hear a resident.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install dtmf==1.1.0 pydtmf==1.0.0
"$folder/venv/bin/python" - <<'PYTHON'
import math

import dtmf
import PyDTMF
from dtmf import model

RATE, BLOCK = 8000, 205  # Hz; samples in a block of dtmf's detector
ROWS, COLUMNS, KEYS = (697, 770, 852, 941), (1209, 1336, 1477, 1633), "123A456B789C*0#D"


def key(name, ms=100, level=0.16):
    row, column = divmod(KEYS.index(name), 4)
    times = (n / RATE for n in range(RATE * ms // 1000))
    return [level * (math.sin(2 * math.pi * ROWS[row] * t) + math.sin(2 * math.pi * COLUMNS[column] * t)) for t in times]


def heard(samples):
    """What dtmf names in the whole blocks of a tone."""
    whole = samples[: len(samples) // BLOCK * BLOCK]
    blocks = [whole[i : i + BLOCK] for i in range(0, len(whole), BLOCK)]
    results = [next(iter(dtmf.detect(block, RATE))) for block in blocks]
    return sorted({str(result.tone) for result in results if result.tone})


for decibels, expected in ((0, KEYS), (-3, "123A*0#D"), (-15, "1*"), (-30, "")):
    level = 10 ** (decibels / 20) / 2
    right = "".join(name for name in KEYS if heard(key(name, level=level)) == [name])
    print(f"dtmf, clean tones at {decibels} dB: finds {right or 'none'}")
    assert right == expected, "dtmf finds other keys now"

own = {}
for name in KEYS:
    made = list(dtmf.generate(model.String([model.Tone(name)])))
    sounding = max(n for n, sample in enumerate(made) if sample) + 1
    own[name] = heard(made[:sounding])
wrong = {name: told for name, told in own.items() if told and told != [name]}
print("dtmf, its own tones named wrongly:", wrong)
assert wrong == {"5": ["2"], "6": ["2"], "0": ["8"], "#": ["8"]}, "dtmf names its own tones differently now"

try:
    list(dtmf.detect(list(dtmf.generate(model.String([model.Tone("1")]))), RATE))
except ZeroDivisionError:
    print("dtmf, its own tone with the pause behind it: ZeroDivisionError")
else:
    raise AssertionError("dtmf bears silence now")


def told(keys, ms, gap_ms, level=0.16):
    gap = [0.0] * (RATE * gap_ms // 1000)
    samples = gap + [sample for name in keys for sample in [*key(name, ms, level), *gap]]
    return PyDTMF.core.from_pcm([round(32767 * sample) for sample in samples], RATE)[0]


for ms, gap_ms in ((100, 100), (65, 65), (40, 40)):
    print(f"pydtmf, {ms} ms with {gap_ms} ms between:", told(KEYS + "2233", ms, gap_ms))
    assert told(KEYS + "2233", ms, gap_ms) == KEYS + "2233"
assert told(KEYS, 100, 100, level=0.016) == KEYS
PYTHON
