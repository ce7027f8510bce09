#!/usr/bin/env bash
# An alarm rings two neighbours at once by Asterisk 16.28.0 (Debian 11). Neighbour 1 picks up at once and presses 2 ("I cannot
# come"), neighbour 2 picks up after four seconds and would press 1 ("I am coming"). Asked by the U() of Dial(), which goes on
# with the dialplan if the answer is no, and by FollowMe(), whose keys these are.
#
# Guess before running: FollowMe() takes a key whenever it is pressed, and whoever declines leaves the call to the other. (That
#   Dial() stops the second telephone was suspected.)
# Seen: Dial() stops telephone 2 the moment neighbour 1 picks up, before anybody is asked. When they have pressed 2 it is over,
#   and DIALSTATUS is ANSWER. FollowMe() lets telephone 2 ring on and asks both, but a key pressed while the first of its
#   announcements is spoken (who is calling, two seconds here) is not taken, and nobody is told: who presses 1 a second after
#   picking up is not connected, and the call ends with nobody. Pressed during the second announcement, which names the keys, 1
#   connects.
# What it means: the resident hears that somebody answered, and nobody comes; or the neighbour who knows the announcement by heart
#   presses 1 and goes to fetch her coat. Ring a Local channel for each neighbour and ask within it, before it is answered: then
#   neighbour 2 is connected. Ask again if no key came, and believe a key, not DIALSTATUS.
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

MODULES = """app_dial app_followme app_read app_senddtmf app_stack app_verbose bridge_simple codec_gsm codec_resample codec_ulaw
format_gsm func_channel func_logic pbx_config res_clioriginate res_musiconhold res_timing_timerfd"""
ASK = """
exten => s,1,Read(KEY,,1,,1,5)
 same => n,Set(GOSUB_RESULT=${IF($["${KEY}" = "1"]?:CONTINUE)})
 same => n,Return()
"""


def extensions(patience):
    """Neighbour 2 presses 1 so many seconds after picking up."""
    return f"""[neighbours]
exten => 1,1,Answer()
 same => n,Wait(2)
 same => n,SendDTMF(2,100,100)
 same => n,Wait(40)
exten => 2,1,Ringing()
 same => n,Wait(4)
 same => n,Answer()
 same => n,Log(NOTICE,2 picked up)
 same => n,Wait({patience})
 same => n,SendDTMF(1,100,100)
 same => n,Wait(3)
 same => n,Log(NOTICE,2 held ${{CHANNEL(state)}})
 same => n,Wait(30)

[asked]
exten => _X,1,Dial(Local/${{EXTEN}}@neighbours/n,15,U(ask))

[ask]{ASK}
[alarm]
exten => dial,1,Answer()
 same => n,Dial(Local/1@neighbours/n&Local/2@neighbours/n,15,gU(ask))
 same => n,Log(NOTICE,over: ${{DIALSTATUS}} so)
exten => follow,1,Answer()
 same => n,FollowMe(neighbours)
 same => n,Log(NOTICE,over: ${{DIALSTATUS}} so)
exten => local,1,Answer()
 same => n,Dial(Local/1@asked/n&Local/2@asked/n,15,g)
 same => n,Log(NOTICE,over: ${{DIALSTATUS}} so)
exten => resident,1,Answer()
 same => n,Wait(60)
"""


def bridged():
    """Whether neighbour 2 is in a bridge with the resident's call."""
    return len(re.findall(r"^\S+ +\d+ +basic", command("-rx", "bridge show all"), re.MULTILINE)) > 0


def call(way, patience=1):
    """Whether neighbour 2 picked up, whether they were connected, and DIALSTATUS if it ended by itself within 35 seconds."""
    for each in ("etc", "var", "data"):
        subprocess.run(["rm", "-rf", TOP / each], check=True)
    followme = "[general]\n\n[neighbours]\ncontext=neighbours\nnumber=1&2,25,1\n"
    server = start(MODULES, extensions=extensions(patience), followme=followme, musiconhold="[general]\n")
    try:
        command("-rx", f"channel originate Local/{way}@alarm/n extension resident@alarm")
        log, talking = "", False
        began = time.monotonic()
        while time.monotonic() - began < 35 and not talking and "over: " not in log:
            time.sleep(0.3)
            log = (VAR / "log" / "full").read_text()
            talking = "2 held" in log and bridged()
        ended = re.search(r"over: (\w*) so", log)
        seen = "2 picked up" in log, talking, ended and ended[1]
    finally:
        server.terminate()
        server.wait(20)
    print(f"{way}, neighbour 2 presses after {patience} s: picked up {seen[0]}, talking {seen[1]}, DIALSTATUS {seen[2]!r}")
    return seen


assert call("dial") == (False, False, "ANSWER")
assert call("follow") == (True, False, "")
assert call("follow", patience=3) == (True, True, None)
assert call("local") == (True, True, None)
PYTHON
