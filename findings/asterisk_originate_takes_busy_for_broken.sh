#!/usr/bin/env bash
# Asterisk 16.28.0 (Debian 11) rings a neighbour whose telephone answers 486 (busy), 603 (declined), 404 (no such number), 480
# (not there now), 503 (network out of order), or rings on: by Dial(), by Originate(), and by a call file. The telephones are
# played here, over SIP on loopback.
#
# Guess before running: Dial() says BUSY for busy and for declined; Originate() has BUSY among its results, and a call file tells
#   its reason, so both say busy; the `failed` extension of a call file runs once, after the last try. (That Dial() calls a
#   decline CHANUNAVAIL was suspected.)
# Seen: Dial() alone knows a busy line. A neighbour who declines is CHANUNAVAIL, as is a number that does not exist. To
#   Originate() and call files busy, declined, no such number, not there and a broken network are one: FAILED, and reason 0, "not
#   BUSY, and not NO_ANSWER" in Asterisk's log; HANGUPCAUSE is 0 in the `failed` extension. Only ringing on is told apart
#   (RINGING, reason 3). A busy extension of the dialplan (a Local channel) does have reason 5, so a trial without telephones
#   passes. The `failed` extension runs after each try.
# What it means: a service that tries a busy neighbour again in a minute, and a wrong number never, cannot do so with call files;
#   and whoever raises "nobody was reached" in `failed` does so while there are tries left. Ring by Dial(), read HANGUPCAUSE (17
#   busy, 21 declined, 1 no such number, 34 network), and count the tries oneself.
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
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

TOP = Path(sys.argv[1])
ETC, VAR, ROOT = TOP / "etc", TOP / "var", TOP / "root"
MODULES = """app_dial app_originate app_verbose chan_pjsip func_hangupcause pbx_config pbx_spool res_clioriginate res_crypto
res_pjproject res_pjsip res_pjsip_pubsub res_pjsip_sdp_rtp res_pjsip_session res_rtp_asterisk res_sorcery_astdb res_sorcery_config
res_sorcery_memory res_timing_timerfd bridge_simple codec_alaw""".split()
NEIGHBOURS = ["486", "603", "404", "480", "503", "rings"]


class Telephones:
    """A SIP peer that answers each call with the response its number names."""

    def __init__(self):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        while True:
            data, sender = self.socket.recvfrom(65535)
            request = data.decode()
            method, number = re.match(r"(\w+) sip:(\w+)@", request).groups()
            if method == "INVITE":
                invited = request
                self.answer(invited, "180 Ringing", sender)
                if number != "rings":
                    self.answer(invited, f"{number} No", sender)
            elif method == "CANCEL":
                self.answer(request, "200 OK", sender)
                self.answer(invited, "487 Request Terminated", sender)

    def answer(self, request, status, sender):
        kept = re.findall(r"(?im)^(?:Via|From|To|Call-ID|CSeq):.*", request)
        lines = [each.strip() + (";tag=theirs" if each.startswith("To:") else "") for each in kept]
        self.socket.sendto("\r\n".join([f"SIP/2.0 {status}", *lines, "Content-Length: 0", "", ""]).encode(), sender)


def configure(port):
    def write(name, text=""):
        (ETC / f"{name}.conf").write_text(text)

    for each in (ETC, VAR / "keys", VAR / "log", VAR / "outgoing", VAR / "made"):
        each.mkdir(parents=True)
    for each in ("acl", "ccss", "cdr", "cel", "codecs", "dnsmgr", "features", "hep", "http", "indications", "manager", "pjproject",
                 "sorcery", "stasis", "udptl"):  # fmt: skip
        write(each)
    folders = "".join(f"ast{each} => {VAR}\n" for each in ("varlibdir", "dbdir", "agidir", "spooldir", "rundir", "sbindir"))
    folders += f"astkeydir => {VAR}/keys\nastlogdir => {VAR}/log\nastetcdir => {ETC}\n"
    folders += f"astmoddir => {ROOT}/usr/lib/asterisk/modules\nastdatadir => {ROOT}/usr/share/asterisk\n"
    write("asterisk", f"[directories]\n{folders}")
    write("modules", "[modules]\nautoload=no\n" + "".join(f"load={each}.so\n" for each in MODULES))
    write("logger", "[general]\n[logfiles]\nfull => notice\n")
    write("rtp", "[general]\nrtpstart=41000\nrtpend=41100\n")
    transport = "[udp]\ntype=transport\nprotocol=udp\nbind=127.0.0.1:0\n\n"
    write("pjsip", f"{transport}[lines]\ntype=endpoint\ntransport=udp\ncontext=calls\nallow=alaw\n")
    write("extensions", f"""[calls]
exten => _dial.,1,Dial(PJSIP/lines/sip:${{EXTEN:4}}@127.0.0.1:{port},2)
 same => n,Log(NOTICE,told: ${{DIALSTATUS}} ${{HANGUPCAUSE}})
exten => _orig.,1,Originate(PJSIP/lines/sip:${{EXTEN:4}}@127.0.0.1:{port},exten,calls,reached,1,2)
 same => n,Log(NOTICE,told: ${{ORIGINATE_STATUS}})
exten => busy,1,Busy(2)
exten => reached,1,Log(NOTICE,reached)
exten => failed,1,Log(NOTICE,failed: ${{REASON}} cause ${{HANGUPCAUSE}})
""")  # fmt: skip


def logged(pattern, times=1, since=0):
    """What the log has had since then, when it has had so much."""
    for _ in range(300):
        found = re.findall(pattern, (VAR / "log" / "full").read_text()[since:])
        if len(found) >= times:
            return found
        time.sleep(0.1)
    raise AssertionError(f"{pattern} was not logged")


def command(*words):
    return subprocess.run([*ASTERISK, *words], env=ENVIRONMENT, capture_output=True, text=True).stdout


def dialled(extension):
    since = (VAR / "log" / "full").stat().st_size
    command("-rx", f"channel originate Local/{extension}@calls/n application Wait 1")
    return logged(r"Ext\. \w+: told: (.*)", since=since)[0].strip()


def by_call_file(channel):
    since = (VAR / "log" / "full").stat().st_size
    (VAR / "made" / "call").write_text(
        f"Channel: {channel}\nMaxRetries: 1\nRetryTime: 1\nWaitTime: 2\nContext: calls\nExtension: reached\nPriority: 1\n"
    )
    (VAR / "made" / "call").rename(VAR / "outgoing" / f"{time.monotonic_ns()}.call")
    logged("expired without completion after 1 attempt", since=since)
    failed = logged(r"Ext\. failed: failed: (.*)", times=2, since=since)
    assert len(set(failed)) == 1
    return len(failed), failed[0]


telephones = Telephones()
configure(telephones.port)
libraries = [f"{ROOT}/{each}" for each in ("usr/lib/x86_64-linux-gnu", "usr/lib/aarch64-linux-gnu", "usr/lib")]
ENVIRONMENT = os.environ | {"LD_LIBRARY_PATH": ":".join(libraries)}
ASTERISK = [f"{ROOT}/usr/sbin/asterisk", "-C", f"{ETC}/asterisk.conf"]
server = subprocess.Popen([*ASTERISK, "-f", "-q"], env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
try:
    for _ in range(60):
        time.sleep(0.5)
        if "fully booted" in command("-rx", "core waitfullybooted"):
            break
    print(command("-V").strip())
    seen = {}
    for number in NEIGHBOURS:
        runs, reason = by_call_file(f"PJSIP/lines/sip:{number}@127.0.0.1:{telephones.port}")
        seen[number] = (dialled(f"dial{number}"), dialled(f"orig{number}"), runs, reason)
        print(f"{number}: Dial {seen[number][0]}, Originate {seen[number][1]}, call file: {runs} times reason {reason}")
    local = by_call_file("Local/busy@calls/n")
    print("a busy extension of the dialplan, by call file:", *local)
finally:
    server.terminate()
    server.wait(20)
assert seen == {
    "486": ("BUSY 17", "FAILED", 2, "0 cause 0"),
    "603": ("CHANUNAVAIL 21", "FAILED", 2, "0 cause 0"),
    "404": ("CHANUNAVAIL 1", "FAILED", 2, "0 cause 0"),
    "480": ("NOANSWER 19", "FAILED", 2, "0 cause 0"),
    "503": ("CONGESTION 34", "FAILED", 2, "0 cause 0"),
    "rings": ("NOANSWER 0", "RINGING", 2, "3 cause 0"),
}
assert local == (2, "5 cause 0")
PYTHON
