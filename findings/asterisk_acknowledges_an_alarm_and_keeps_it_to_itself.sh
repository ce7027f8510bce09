#!/usr/bin/env bash
# A social alarm calls AlarmReceiver() of Asterisk 16.28.0 (Debian 11) and sends "personal emergency" (Contact ID 101) by tones;
# when it has been acknowledged it keeps the line open for 20 seconds, as alarms do through which one can talk.
#
# Guess before running: the event is acknowledged only after it is kept, and the command for events runs at once.
# Seen: the device hears the acknowledgement (1400 Hz), and nothing is anywhere yet: the event is in Asterisk's memory until the
#   device hangs up. Then it is written and the command runs, with the time of the hanging up as the time of the event.
#   AlarmReceiver() goes on waiting for more tones meanwhile, longer than its fdtimeout of 4 s. With logindividualevents the file
#   is there at once, but the command still waits for the end of the call. ALARMRECEIVER_CALL_LIMIT ends it, unless the device's
#   line sends no packets while all is quiet (silence suppression): then the limit passes unnoticed.
# What it means: while the line is open, with someone lying on the floor and waiting to be spoken to, nobody knows; and if
#   Asterisk stops meanwhile, the device has its acknowledgement and does not call again. (That the command runs when the device
#   has hung up is documented.) Set logindividualevents and watch the folder for what has come.
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
cat > "$folder/alarm.py" <<'PYTHON'
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

MODULES = """app_alarmreceiver app_playback app_senddtmf app_verbose bridge_simple codec_gsm codec_resample codec_ulaw
format_gsm pbx_config res_clioriginate res_timing_timerfd res_tonedetect"""
TALK, LIMIT, ACCOUNT = 20, 10, "1234"


def contact_id(account, event, group, zone):
    """The tones of a new event; 0 counts as 10, and the last makes the sum a multiple of 15 (10 to 15 are 0, *, #, A, B, C)."""
    digits = f"{account}18" + f"1{event}{group}{zone}"
    total = sum(10 if digit == "0" else int(digit) for digit in digits)
    return digits + "1234567890*#ABC"[(-total % 15 or 15) - 1]


def kept():
    return sorted(each.name for each in SPOOL.iterdir())


EVENT = contact_id(ACCOUNT, "101", "01", "003")
SPOOL = VAR / "recording"
way = sys.argv[2]
individual = "yes" if way == "individually" else "no"
server = start(
    MODULES,
    alarmreceiver=f"""[general]
timestampformat=%s
eventspooldir={SPOOL}
eventcmd=date +%s.%N > {SPOOL}/command
logindividualevents={individual}
fdtimeout=4000
sdtimeout=400
loudness=8192
""",
    extensions=f"""[calls]
exten => device,1,Answer()
 same => n,WaitForTone(2300,50,10)
 same => n,Wait(0.5)
 same => n,SendDTMF({EVENT},60,60)
 same => n,WaitForTone(1400,300,5)
 same => n,Log(NOTICE,acknowledged: ${{WAITFORTONESTATUS}} so)
 same => n,{f"Wait({TALK})" if "without" in way else "Playback(silence/10&silence/10)"}
exten => h,1,Log(NOTICE,over)
exten => centre,1,Answer()
 same => n,{f"Set(ALARMRECEIVER_CALL_LIMIT={LIMIT * 1000})" if "limit" in way else "NoOp()"}
 same => n,AlarmReceiver()
 same => n,Hangup()
""",
)
try:
    command("-rx", "channel originate Local/device@calls/n extension centre@calls")
    acknowledged, status = noted("acknowledged: (.*) so")
    time.sleep(3)
    before = kept()
    [over] = noted("over")
    time.sleep(3)
    after = kept()
finally:
    server.terminate()
    server.wait(20)
[event] = [(SPOOL / each).read_text() for each in after if each.startswith("event-")]
ran = float((SPOOL / "command").read_text())
stamp = int(re.search(r"TIMESTAMP=(\d+)", event)[1])
print(f"{way}: sent {EVENT}, tone: {status}; 3 s later there is {before or 'nothing'}, after the call {after}")
seconds = [round(moment - acknowledged) for moment in (stamp, ran, over)]
print("seconds after the acknowledgement: time of the event {}, command {}, end {}".format(*seconds))
assert status == "SUCCESS" and EVENT in event and "command" in after
assert len(before) == (way == "individually")
assert ran - over > -1 and (way == "individually" or stamp - over > -2)
assert (over - acknowledged < LIMIT) if way == "limited" else (over - acknowledged > TALK - 2)
PYTHON
for way in plain individually limited "limited without packets"; do
  rm -rf "$folder"/{etc,var,data}
  python3 "$folder/alarm.py" "$folder" "$way"
done
