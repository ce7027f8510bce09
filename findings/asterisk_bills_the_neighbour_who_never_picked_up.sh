#!/usr/bin/env bash
# An alarm call to Asterisk 16.28.0 (Debian 11): a menu answers, three seconds later neighbour 1 is rung and does not pick up,
# then neighbour 2 picks up after a second and talks for two. What the call records (CDR) and the variables of Dial() tell of it.
#
# Guess before running: two records: NO ANSWER with a billed time of 0, and ANSWERED with one of 2 seconds.
# Seen: three. The first is NO ANSWER, with 5 to 6 seconds billed: menu and ringing. The second is ANSWERED and has 3 seconds: the
#   ringing too. The third, ANSWERED, is the time after the neighbour hung up, and names nobody. ANSWEREDTIME, documented as the
#   time of the call proper, is all the time since the menu answered, 9 or 10 seconds; so is DIALEDTIME.
# What it means: whoever takes "billed time above nought", or ANSWEREDTIME of some seconds, for "somebody was spoken to" counts a
#   neighbour who never picked up, or one who hung up at once, as having come to the help. Note the moment of the bridge oneself
#   (Dial's U() or G(), BridgeEnter), and read disposition and dstchannel together.
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
import csv
import os
import re
import subprocess
import sys
import time
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

MODULES = """app_dial app_stack app_verbose bridge_simple cdr_csv codec_resample codec_ulaw func_cdr pbx_config res_clioriginate
res_timing_timerfd"""
EXTENSIONS = """[calls]
exten => alarm,1,Answer()
 same => n,Wait(3)
 same => n,Dial(Local/neighbour1@calls/n,3)
 same => n,Log(NOTICE,first: ${DIALSTATUS} after)
 same => n,Dial(Local/neighbour2@calls/n,10,g)
 same => n,Log(NOTICE,second: ${DIALSTATUS} talked ${ANSWEREDTIME} dialled ${DIALEDTIME} after)
 same => n,Wait(2)
 same => n,Log(NOTICE,ended)
exten => neighbour1,1,Ringing()
 same => n,Wait(20)
exten => neighbour2,1,Ringing()
 same => n,Wait(1)
 same => n,Answer()
 same => n,Wait(2)
 same => n,Hangup()
exten => resident,1,Answer()
 same => n,Wait(30)
"""
DISPOSITION, BILLED, DESTINATION, EXTENSION = 14, 13, 6, 2

server = start(MODULES, extensions=EXTENSIONS, cdr="[general]\nenable=yes\n\n[csv]\nusegmtime=yes\n")
try:
    command("-rx", "channel originate Local/alarm@calls/n extension resident@calls")
    _, first = noted("first: (.*) after")
    _, second, talked, dialled = noted(r"second: (\w+) talked (\d+) dialled (\d+) after")
    noted("ended")
    time.sleep(1)
    command("-rx", "channel request hangup all")
    time.sleep(2)
finally:
    server.terminate()
    server.wait(20)
print(f"first: {first}; second: {second}, ANSWEREDTIME {talked}, DIALEDTIME {dialled}")
assert (first, second) == ("NOANSWER", "ANSWER") and 8 <= int(talked) <= 11 and 8 <= int(dialled) <= 11
with (VAR / "log/cdr-csv/Master.csv").open() as lines:
    records = [row for row in csv.reader(lines) if row and row[EXTENSION] == "alarm"]
told = [(row[DISPOSITION], re.sub(r"-.*", "", row[DESTINATION]), int(row[BILLED])) for row in records]
print(*told, sep="\n")
assert [each[:2] for each in told] == [
    ("NO ANSWER", "Local/neighbour1@calls"),
    ("ANSWERED", "Local/neighbour2@calls"),
    ("ANSWERED", ""),
]
assert told[0][2] >= 5 and told[1][2] >= 3
PYTHON
