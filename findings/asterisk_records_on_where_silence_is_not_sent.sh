#!/usr/bin/env bash
# Asterisk 16.28.0 (Debian 11) listens for the end of what a resident says: Record() with three seconds of silence, and AMD(),
# which tells people from answering machines. The resident's telephone sends packets while nobody speaks, or, as some do to save
# bandwidth (silence suppression), sends none. Both are played by Local channels.
#
# Guess before running: silence is noticed by time all the same, and Record() ends after three seconds of it.
# Seen: without packets Record() does not end before its time is up: 15 s instead of 4, RECORD_STATUS TIMEOUT instead of SILENCE.
#   The pause is left out: two words six seconds apart are one file of less than a second. For AMD() someone who picks up and says
#   nothing is MACHINE after 3 s if the telephone sends its silence, and NOTSURE after 5 s if not. WaitForSilence() alone takes no
#   packets for silence.
# What it means: someone who has said "I have fallen" hears nothing more until the time is up; how long she lay silent cannot be
#   heard; and whether a silent resident is an answering machine hangs on her telephone. Keep the longest time of Record() short,
#   and give someone silent the key to press whatever AMD() says.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir -p "$folder/apt/lists/partial" "$folder/apt/archives/partial"
grep -rhoE --include='*.list' --include='*.sources' 'https?://[^ ]+/debian(-security)?/?( |$)' /etc/apt | sort -u |
while read -r mirror; do
  suite=bullseye; [[ $mirror != *-security* ]] || suite=bullseye-security
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main"
done > "$folder/sources.list"
cat > "$folder/apt.conf" <<APT
Dir::State::Lists "$folder/apt/lists"; Dir::Cache "$folder/apt"; Dir::Etc::SourceList "$folder/sources.list";
Dir::Etc::SourceParts "-"; APT::Sandbox::User "root";
APT
export APT_CONFIG="$folder/apt.conf"
apt-get --quiet=2 update
apt-get --quiet=2 --yes --download-only --no-install-recommends install 'asterisk=1:16.28.0~dfsg-0+deb11u10' > "$folder/log"
for package in "$folder"/apt/archives/*.deb; do dpkg --extract "$package" "$folder/root"; done
python3 - "$folder" <<'PYTHON'
import os
import re
import subprocess
import sys
import time
import wave
from pathlib import Path

TOP = Path(sys.argv[1])
ETC, VAR, ROOT = TOP / "etc", TOP / "var", TOP / "root"
ASTERISK = [f"{ROOT}/usr/sbin/asterisk", "-C", f"{ETC}/asterisk.conf"]
LIBRARIES = [f"{ROOT}/{each}" for each in ("usr/lib/x86_64-linux-gnu", "usr/lib/aarch64-linux-gnu", "usr/lib")]
ENVIRONMENT = os.environ | {"LD_LIBRARY_PATH": ":".join(LIBRARIES)}


def command(*words):
    return subprocess.run([*ASTERISK, *words], env=ENVIRONMENT, capture_output=True, text=True).stdout


def start(modules, **files):
    """Asterisk with these modules and configuration files, all others empty."""
    for each in (ETC, VAR / "keys", VAR / "log" / "cdr-csv", VAR / "recording"):
        each.mkdir(parents=True)
    places = {"etcdir": ETC, "keydir": VAR / "keys", "logdir": VAR / "log", "moddir": ROOT / "usr/lib/asterisk/modules"}
    places |= dict.fromkeys(("agidir", "dbdir", "rundir", "sbindir", "spooldir", "varlibdir"), VAR) | {"datadir": TOP / "data"}
    (TOP / "data").symlink_to(ROOT / "usr/share/asterisk")
    lines = "".join(f"ast{each} => {place}\n" for each, place in places.items())
    files = {
        "asterisk": f"[directories]\n{lines}[options]\ndefaultlanguage=en_US_f_Allison\n",
        "modules": "[modules]\nautoload=no\n" + "".join(f"load={each}.so\n" for each in modules.split()),
        "logger": "[general]\ndateformat=%s.%3q\n[logfiles]\nfull => notice\n",
        **files,
    }
    for each in ("acl", "ccss", "cdr", "cel", "codecs", "dsp", "features", "indications", "manager", "stasis", "udptl"):
        files.setdefault(each, "")
    for name, text in files.items():
        (ETC / f"{name}.conf").write_text(text)
    server = subprocess.Popen([*ASTERISK, "-f", "-q"], env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(60):
        time.sleep(0.5)
        if "fully booted" in command("-rx", "core waitfullybooted"):
            break
    print(command("-V").strip())
    return server


def noted(pattern):
    """When the dialplan noted this, and what, once it has."""
    for _ in range(400):
        if found := re.search(rf"\[([\d.]+)\] NOTICE.* Ext\. \w+: {pattern}", (VAR / "log" / "full").read_text()):
            return float(found[1]), *found.groups()[1:]
        time.sleep(0.1)
    raise AssertionError(f"{pattern} was not noted")

MODULES = """app_amd app_playback app_record app_verbose app_waitforsilence bridge_simple codec_gsm codec_resample codec_ulaw
format_gsm format_wav pbx_config res_clioriginate res_timing_timerfd"""
EXTENSIONS = f"""[resident]
exten => two_words_without_packets,1,Answer()
 same => n,Playback(beep)
 same => n,Wait(6)
 same => n,Playback(beep)
 same => n,Wait(30)
exten => two_words_with_packets,1,Answer()
 same => n,Playback(beep&silence/6&beep&silence/9&silence/9)
exten => nothing_without_packets,1,Answer()
 same => n,Wait(30)
exten => nothing_with_packets,1,Answer()
 same => n,Playback(silence/9&silence/9)

[service]
exten => _.,1,Log(NOTICE,${{EXTEN}} began)
 same => n,GotoIf($["${{EXTEN:0:3}}" = "two"]?record)
 same => n,GotoIf($["${{EXTEN:0:3}}" = "wai"]?wait)
 same => n,AMD()
 same => n,Log(NOTICE,${{EXTEN}} ended ${{AMDSTATUS}} after)
 same => n,Hangup()
 same => n(record),Record({VAR}/recording/${{EXTEN}}.wav,3,15,q)
 same => n,Log(NOTICE,${{EXTEN}} ended ${{RECORD_STATUS}} after)
 same => n,Hangup()
 same => n(wait),WaitForSilence(3000,1,15)
 same => n,Log(NOTICE,${{EXTEN}} ended ${{WAITSTATUS}} after)
"""


def call(resident, service=None):
    service = service or resident
    command("-rx", f"channel originate Local/{resident}@resident/n extension {service}@service")
    [began] = noted(f"{service} began")
    ended, status = noted(f"{service} ended (.*) after")
    command("-rx", "channel request hangup all")
    print(f"{service}: {status} after {ended - began:.1f} s")
    return status, ended - began


server = start(MODULES, extensions=EXTENSIONS, amd="[general]\n")
try:
    recorded = {each: call(f"two_words_{each}_packets") for each in ("with", "without")}
    silent = {each: call(f"nothing_{each}_packets") for each in ("with", "without")}
    waited = {each: call(f"nothing_{each}_packets", f"waiting_{each}_packets") for each in ("with", "without")}
finally:
    server.terminate()
    server.wait(20)
seconds = {}
for each in recorded:
    with wave.open(f"{VAR}/recording/two_words_{each}_packets.wav") as sound:
        seconds[each] = sound.getnframes() / sound.getframerate()
print("seconds in the files:", seconds)
assert recorded["with"][0] == "SILENCE" and recorded["with"][1] < 6
assert recorded["without"][0] == "TIMEOUT" and recorded["without"][1] > 14 and seconds["without"] < 2
assert silent["with"][0] == "MACHINE" and silent["with"][1] < 4
assert silent["without"][0] == "NOTSURE" and silent["without"][1] > 4.5
assert [waited[each][0] for each in waited] == ["SILENCE", "SILENCE"] and all(each[1] < 5 for each in waited.values())
PYTHON
