#!/usr/bin/env bash
# Numbers in Chinese texts, spoken by espeak-ng 1.52.0 (espeakng-loader 0.2.4) in Mandarin and Cantonese: its phonemes are compared
# with those of the same number written in characters.
#
# Guess before running: 301 is said as 三百零一 and 10000 as 一万, as anybody would; a telephone number is told digit by digit or as one
#   long count.
# Seen: the zero within a number is left out: 301 is 三百一, which is how one says 310, 108 is 一百八, 180, and 1005 is 一千五, 1500. Above
#   9999 Mandarin counts by thousands, as English does: 10000 is 十千, 12345 十二千…; but a million is 一万, ten thousand. The number
#   13800138001 is 十三千八百万一百三十八千一, which nobody could write down. Cantonese has the zero, but there 10000 is 一百万, a million. In
#   Mandarin 60% and 1/2 are said half in English ("percent", "slash"). Numbers below a hundred are right, so tests with times
#   and ages pass.
# What it means: a neighbour is sent to room 310, a blood pressure of 108 is heard as 180, and a number to call back is lost. Spell
#   numbers in words oneself before they get to a voice, telephone numbers digit by digit. (espeak-ng/espeak-ng issue 778 is
#   about the zero and the larger numbers in Cantonese, pull request 2268 about Japanese.)
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install espeakng-loader==0.2.4
"$folder/venv/bin/python" -W ignore - <<'PYTHON'
import ctypes
import re

import espeakng_loader

SYNCHRONOUS, UTF_8 = 2, 1
espeak = ctypes.CDLL(espeakng_loader.get_library_path())
espeak.espeak_TextToPhonemes.restype = espeak.espeak_Info.restype = ctypes.c_char_p
espeak.espeak_Initialize(SYNCHRONOUS, 0, espeakng_loader.get_data_path().encode(), 0)
version = espeak.espeak_Info(None).decode()
print("espeak-ng", version)
assert version.startswith("1.52")


def said(text):
    """The phonemes without marks of stress, pauses and joints, and without tones, which words change among themselves."""
    kept = ctypes.create_string_buffer(text.encode())
    rest = ctypes.c_void_p(ctypes.addressof(kept))
    phonemes = espeak.espeak_TextToPhonemes(ctypes.byref(rest), UTF_8, 0).decode()
    return re.sub(r"[|_!',\s\d\[-]", "", phonemes)


EXPECTED = {
    b"cmn": {
        "88": "八十八",
        "301": "三百一",
        "108": "一百八",
        "1005": "一千五",
        "1938": "一千九百三十八",
        "10000": "十千",
        "12345": "十二千三百四十五",
        "95588": "九十五千五百八十八",
        "100000": "一百千",
        "1000000": "一万",
        "13800138001": "十三千八百万一百三十八千一",
    },
    b"yue": {"301": "三百零一", "10000": "一百万", "20000": "二百万"},
}
for voice, numbers in EXPECTED.items():
    assert espeak.espeak_SetVoiceByName(voice) == 0
    for number, words in numbers.items():
        print(f"{voice.decode()} {number}: {said(number)}, in words {words}: {said(words)}")
        assert said(number) == said(words), number
    assert said("10000") != said("一万")

assert espeak.espeak_SetVoiceByName(b"cmn") == 0
assert said("301") != said("三百零一") and said("1000000") == said("一万")
print("60%:", said("60%"), "1/2:", said("1/2"))
assert "(en)" in said("60%") and "(en)" in said("1/2")
PYTHON
