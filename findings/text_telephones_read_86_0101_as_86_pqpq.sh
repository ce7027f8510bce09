#!/usr/bin/env bash
# What a deaf resident types on a text telephone (TTY: 45.45 baud, five bits, letters and figures by shift), between minimodem 0.24,
# the V.18 modem of SpanDSP 0.0.6 (both Debian 12) and the Python codec baudot 0.1.1.post2, as sound of 8 kHz.
#
# Guess before running: minimodem reads what it writes, also at 8 kHz. What baudot encodes is read by minimodem as the same text, and
#   the other way round; so is what SpanDSP sends by minimodem, and what minimodem sends by SpanDSP. A number with a space in it
#   stays a number in all directions.
# Seen: each reads itself, and texts of words alone pass between all of them. But to minimodem a space ends the figures, when it sends
#   and when it receives; to SpanDSP and baudot figures last until the next shift. So of "86 0101" from either of these minimodem
#   makes "86 PQPQ", and where minimodem sends a word after a number, both read signs: HELP is "=3)0" or "#3)0", and GA,
#   "go ahead", by which one gives the turn to the other, "+-" or "&-". None of the three says that anything is wrong.
# What it means: a test against oneself passes, and so does a conversation without numbers, while the number to call back is lost, or
#   the cry for help after a room number; and without GA both sides wait for the other. Send a shift at the beginning of each
#   word (as the last text below does, and all three read it), and show an operator a garbled word by the other table too.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir -p "$folder/apt/lists/partial" "$folder/apt/archives/partial"
grep -rhoE --include='*.list' --include='*.sources' 'https?://[^ ]+/debian(-security)?/?( |$)' /etc/apt | sort -u |
while read -r mirror; do
  suite=bookworm; [[ $mirror != *-security* ]] || suite=bookworm-security
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main"
done > "$folder/sources.list"
cat > "$folder/apt.conf" <<APT
Dir::State::Lists "$folder/apt/lists"; Dir::Cache "$folder/apt"; Dir::Etc::SourceList "$folder/sources.list";
Dir::Etc::SourceParts "-"; APT::Sandbox::User "root";
APT
export APT_CONFIG="$folder/apt.conf"
apt-get --quiet=2 update
apt-get --quiet=2 --yes --download-only --reinstall --no-install-recommends install \
  minimodem=0.24-1+b1 libspandsp2=0.0.6+dfsg-2+b1 > "$folder/log"
for package in "$folder"/apt/archives/*.deb; do dpkg --extract "$package" "$folder/root"; done
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install baudot==0.1.1.post2
export LD_LIBRARY_PATH="$folder/root/usr/lib/x86_64-linux-gnu:$folder/root/usr/lib/aarch64-linux-gnu"
"$folder/venv/bin/python" - "$folder" <<'PYTHON'
import array
import ctypes
import math
import subprocess
import sys
import wave
from pathlib import Path

from baudot import decode_to_str, encode_str
from baudot.codecs import ITA2_US

TOP = Path(sys.argv[1])
SOUND = TOP / "line.wav"
RATE, BAUD, MARK, SPACE, TTY = 8000, 45.45, 1400, 1800, 1
spandsp = ctypes.CDLL("libspandsp.so.2")
Told = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.POINTER(ctypes.c_uint8), ctypes.c_int)
spandsp.v18_init.restype = ctypes.c_void_p
spandsp.v18_init.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_int, Told, ctypes.c_void_p]
for each in spandsp.v18_put, spandsp.v18_tx, spandsp.v18_rx:
    each.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int]
spandsp.v18_free.argtypes = [ctypes.c_void_p]


def keep(samples):
    with wave.open(str(SOUND), "wb") as file:
        file.setnchannels(1), file.setsampwidth(2), file.setframerate(RATE)
        file.writeframes(samples.tobytes())


def minimodem(*options, text=""):
    command = [TOP / "root/usr/bin/minimodem", *options, "--quiet", "--file", SOUND, "tdd"]
    return subprocess.run(command, input=text.encode(), capture_output=True, check=True, timeout=60).stdout.decode()


def modem(told):
    return spandsp.v18_init(None, 1, TTY, told, None)


def minimodem_sends(text):
    minimodem("--tx", "--samplerate", str(RATE), text=text)


def minimodem_reads():
    return minimodem("--rx")


def spandsp_sends(text):
    told, block, samples = Told(lambda *_: None), (ctypes.c_int16 * 160)(), array.array("h")
    one = modem(told)
    assert spandsp.v18_put(one, text.encode(), len(text)) == len(text)
    while (count := spandsp.v18_tx(one, block, 160)) and len(samples) < 60 * RATE:
        samples.extend(block[:count])
    spandsp.v18_free(one)
    keep(samples)


def spandsp_reads():
    got = []
    told = Told(lambda _, message, count: got.append(bytes(message[:count])))
    one = modem(told)
    with wave.open(str(SOUND)) as file:
        samples = array.array("h", file.readframes(file.getnframes()) + bytes(2 * RATE))
    for begin in range(0, len(samples) - 159, 160):
        spandsp.v18_rx(one, (ctypes.c_int16 * 160)(*samples[begin : begin + 160]), 160)
    spandsp.v18_free(one)
    return b"".join(got).decode()


class Codes(list):
    write = list.append


def tones(codes):
    """Five-bit codes as sound: a start bit, the lowest bit first, two stop bits."""
    bits = [1] * 10 + [bit for code in codes for bit in (0, *(code >> place & 1 for place in range(5)), 1, 1)] + [1] * 10
    samples, phase = array.array("h"), 0.0
    for number, bit in enumerate(bits, 1):
        while len(samples) < number * RATE / BAUD:
            phase += math.tau * (MARK if bit else SPACE) / RATE
            samples.append(round(8000 * math.sin(phase)))
    keep(samples)


def baudot_sends(text):
    codes = Codes()
    encode_str(text, ITA2_US, codes)
    tones(codes)


def baudot_reads():
    """The codec has no modem: minimodem receives the bits, and baudot reads them."""
    return decode_to_str((int(bits[::-1], 2) for bits in minimodem("--rx", "--binary-output").split()), ITA2_US)


def words_apart(text):
    """Each word encoded by itself, so that each begins with its shift."""
    codes = Codes()
    for word in text.split():
        encode_str(word + " ", ITA2_US, codes)
    tones(codes)


def shown(send, text):
    send(text)
    got = [read().rstrip("\r\n ") for read in (minimodem_reads, spandsp_reads, baudot_reads)]
    print(f"{send.__name__} {text!r}; minimodem, SpanDSP and baudot read:", *got, sep="\n    ")
    return got


WORDS, ROOM, CALL = "I FELL IN THE KITCHEN GA", "ROOM 301 HELP GA", "RING 86 0101 GA"
for sends in minimodem_sends, spandsp_sends, baudot_sends:
    assert shown(sends, WORDS) == [WORDS] * 3
assert shown(minimodem_sends, ROOM) == [ROOM, "ROOM 301 =3)0 +-", "ROOM 301 #3)0 &-"]
assert shown(minimodem_sends, CALL) == [CALL, "RING 86 0101 +-", "RING 86 0101 &-"]
for sends in spandsp_sends, baudot_sends:
    assert shown(sends, ROOM) == [ROOM] * 3
    assert shown(sends, CALL) == ["RING 86 PQPQ GA", CALL, CALL]
assert shown(words_apart, "ROOM 301 HELP RING 86 0101 GA") == ["ROOM 301 HELP RING 86 0101 GA"] * 3
PYTHON
