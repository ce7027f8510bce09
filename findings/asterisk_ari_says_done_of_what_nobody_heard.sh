#!/usr/bin/env bash
# Announcements played by Asterisk 16.28.0 (Debian 11) over its REST interface (ARI), some of whose sounds are missing: a street
# without a recording, a language whose digits nobody recorded, a name that was recorded and then erased.
#
# Guess before running: what could not be played ends in PlaybackFinished with the state "failed"; so does a list of sounds of
#   which one is missing.
# Seen: so it is for a missing sound: alone, and for number:301. But digits:301 and characters:… without any sound are "done", at
#   once. In a list the last item alone counts: without its first, or its middle, a list is "done" (an item that fails in it is
#   told as "continuing", like one that was heard), without its last it is "failed", though the rest was heard. An announcement
#   that was cut off by DELETE is "done" too. Of a recording that does not exist nothing more is told than PlaybackStarted,
#   "playing": there is no PlaybackFinished.
# What it means: the neighbour who takes an alarm over hears "go to room" and no number, and the service has heard that it is
#   done; a service that waits for the end of "this is a call for", name, "press 1" waits for ever if the name alone was erased.
#   Play one sound at a time, look whether each exists (GET /sounds, /recordings/stored), measure how long it took, and wait no
#   longer than that.
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
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install aiohttp==3.14.5
"$folder/venv/bin/python" - "$folder" <<'PYTHON'
import asyncio
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import aiohttp

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

MODULES = """app_stasis bridge_simple codec_gsm codec_resample codec_ulaw format_gsm pbx_config res_ari res_ari_channels
res_ari_events res_ari_model res_ari_playbacks res_http_websocket res_stasis res_stasis_answer res_stasis_playback
res_stasis_recording res_stasis_snoop res_timing_timerfd"""
WHO = {"api_key": "service:invented"}
ANNOUNCEMENTS = [
    ("sound:beep", "done"),
    ("sound:no-such-street", "failed"),
    ("number:301", "failed"),
    ("digits:301", "done"),
    ("characters:ab", "done"),
    ("sound:beep,sound:no-such-street,sound:beep", "done"),
    ("sound:no-such-street,sound:beep", "done"),
    ("sound:beep,digits:301", "done"),
    ("sound:beep,sound:no-such-street", "failed"),
    ("recording:erased-name", "never"),
    ("sound:beep,recording:erased-name", "never"),
]


async def play(client, channel, socket, media, stop_after=None):
    """What is told of it, from its beginning to its end or for three seconds, and how long that took."""
    async with client.post(f"channels/{channel}/play", params={"media": media, "lang": "xx"} | WHO) as answer:
        playback = (await answer.json())["id"]
    told, began = [], time.monotonic()
    while not told or told[-1] not in ("done", "failed"):
        try:
            event = await socket.receive_json(timeout=stop_after or 3)
        except asyncio.TimeoutError:
            if stop_after is None:
                return [*told, "never"], time.monotonic() - began
            await (await client.delete(f"playbacks/{playback}", params=WHO)).release()
            stop_after = None
        else:
            if event["type"].startswith("Playback") and event["playback"]["id"] == playback:
                told.append(event["playback"]["state"])
    return told, time.monotonic() - began


async def main(port):
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}/ari/") as client:
        async with client.ws_connect("events", params={"app": "service"} | WHO) as socket:
            call = {"endpoint": "Local/resident@home/n", "app": "service"}
            async with client.post("channels", params=call | WHO) as answer:
                channel = (await answer.json())["id"]
            while (await socket.receive_json())["type"] != "StasisStart":
                pass
            for media, expected in ANNOUNCEMENTS:
                told, seconds = await play(client, channel, socket, media)
                print(f"{media}: {', '.join(told)} ({seconds:.1f} s)")
                assert told[-1] == expected, media
                if media in ("digits:301", "characters:ab"):
                    assert seconds < 1
            told, seconds = await play(client, channel, socket, "sound:demo-congrats", stop_after=1)
            print(f"cut off: {', '.join(told)} ({seconds:.1f} s)")
            assert told[-1] == "done" and seconds < 4


with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    port = free.getsockname()[1]
sounds = ROOT / "usr/share/asterisk/sounds"
(sounds / "xx").mkdir(exist_ok=True)  # a language of which nothing but these two is recorded
for each in ("beep.gsm", "demo-congrats.gsm"):
    shutil.copy(sounds / "en_US_f_Allison" / each, sounds / "xx" / each)
server = start(
    MODULES,
    http=f"[general]\nenabled=yes\nbindaddr=127.0.0.1\nbindport={port}\n",
    ari="[general]\nenabled=yes\n\n[service]\ntype=user\npassword=invented\n",
    extensions="[home]\nexten => resident,1,Answer()\n same => n,Wait(100)\n",
)
try:
    asyncio.run(main(port))
finally:
    server.terminate()
    server.wait(20)
PYTHON
