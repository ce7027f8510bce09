"""Asterisk 16 as it comes from Debian 11, unpacked into ``build/`` without being installed, as a peer of the trunk.

What it is configured with stands in ``docs/sip.md``; here are only the telephones behind it and what a private Asterisk
needs. ``python -m tests.trunk.foreign.asterisk`` unpacks it.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.patience import PATIENCE_SECONDS
from tests.trunk.ports import sound_ports

TOP = Path(__file__).parents[3]
PLACE = TOP / "build" / "asterisk"
PROGRAM = PLACE / "root" / "usr" / "sbin" / "asterisk"
MISSING = "Asterisk 16 can be unpacked from Debian's archive of bullseye only, which is not to be had here"
SUITES = ("bullseye", "bullseye-security")
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
THEIRS, OURS = "192.168.1.20", "192.168.1.10"
"""The addresses in the document."""
LIBRARIES = ("usr/lib/x86_64-linux-gnu", "usr/lib/aarch64-linux-gnu", "usr/lib", "lib/x86_64-linux-gnu")
MODULES = (
    "res_timing_timerfd", "res_sorcery_config", "res_sorcery_memory", "res_sorcery_astdb", "res_crypto",
    "res_rtp_asterisk", "res_pjproject", "res_pjsip", "res_pjsip_session", "res_pjsip_pubsub", "res_pjsip_sdp_rtp",
    "res_pjsip_dtmf_info", "res_pjsip_caller_id", "res_pjsip_endpoint_identifier_ip",
    "res_pjsip_endpoint_identifier_user", "res_pjsip_registrar", "res_pjsip_rfc3326",
    "res_pjsip_authenticator_digest", "chan_pjsip", "bridge_simple", "codec_alaw", "codec_ulaw", "codec_resample",
    "app_dial", "pbx_config", "func_strings",
)  # fmt: skip
EMPTY = (
    "stasis", "cdr", "cel", "acl", "udptl", "features", "ccss", "indications", "manager", "http", "codecs",
    "pjproject", "sorcery", "dnsmgr", "hep", "res_stun_monitor", "dsp",
)  # fmt: skip
FOLDERS = (
    "astvarlibdir", "astdbdir", "astkeydir", "astagidir", "astspooldir", "astrundir", "astlogdir",
    "astsbindir",
)  # fmt: skip
LINES = """
[lines]
type=endpoint
transport=zaoan-udp
context=to-zaoan
disallow=all
allow=alaw,ulaw
dtmf_mode={dtmf_mode}
direct_media=no
aors=lines

[lines]
type=aor
contact=sip:{telephones}

[lines]
type=identify
endpoint=lines
match={telephones_host}
"""


def documented(first_line):
    """The block of ``docs/sip.md`` whose first line begins so."""
    blocks = re.findall(r"```ini\n(.*?)```", (TOP / "docs" / "sip.md").read_text("utf-8"), re.DOTALL)
    [block] = [each for each in blocks if re.match(first_line, each)]
    return block


def pjsip_conf(address, trunk, *, with_password):
    """The document's configuration for these addresses: of Asterisk and of the trunk."""
    block = documented(r"; pjsip\.conf\n")
    if with_password:
        block = block.partition("[zaoan]\ntype=aor")[0] + documented(r"; pjsip\.conf, with a password")
    block = block.replace(f"{THEIRS}:5060", address).replace(f"{OURS}:5060", trunk)
    return block.replace(THEIRS, address.partition(":")[0]).replace(OURS, trunk.partition(":")[0])


class Asterisk:
    """At ``address``, for a trunk at ``trunk``, with telephones at ``telephones``; its files are in ``folder``."""

    def __init__(self, folder, address, trunk, telephones, *, dtmf_mode="rfc4733", with_password=False):
        self.folder, self.address = folder, address
        first, last = sound_ports()
        lines = LINES.format(dtmf_mode=dtmf_mode, telephones=telephones, telephones_host=telephones.partition(":")[0])
        self._write("pjsip", pjsip_conf(address, trunk, with_password=with_password) + lines)
        self._write("extensions", documented(r"; extensions\.conf"))
        self._write("modules", "[modules]\nautoload=no\n" + "".join(f"load={each}.so\n" for each in MODULES))
        self._write("rtp", f"[general]\nrtpstart={first}\nrtpend={last}\n")
        self._write("logger", "[general]\n[logfiles]\nmessages => warning,error\n")
        folders = "".join(f"{each} => {folder}/var\n" for each in FOLDERS)
        data = PLACE / "root" / "usr" / "share" / "asterisk"  # without its descriptions it does not start
        places = f"astetcdir => {folder}/etc\nastmoddir => {_modules()}\nastdatadir => {data}\n{folders}"
        self._write("asterisk", f"[directories]\n{places}")
        for each in EMPTY:
            self._write(each, "")
        (folder / "var" / "keys").mkdir(parents=True, exist_ok=True)
        self.start()

    def start(self):
        environment = os.environ | {"LD_LIBRARY_PATH": ":".join(str(PLACE / "root" / each) for each in LIBRARIES)}
        command = [str(PROGRAM), "-C", str(self.folder / "etc" / "asterisk.conf"), "-f", "-q"]
        self.process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def kill(self):
        self.process.kill()
        self.process.wait(PATIENCE_SECONDS)

    close = kill

    def _write(self, name, text):
        path = self.folder / "etc" / f"{name}.conf"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def unpacked():
    """Whether it is there; it is fetched where the archive can be reached."""
    if not PROGRAM.exists() and shutil.which("apt-get") and shutil.which("dpkg"):
        _fetch()
    return PROGRAM.exists()


def _fetch():
    """By an ``apt-get`` that has a folder of its own, and the system's list of what is installed."""
    for each in ("state/lists/partial", "cache/archives/partial", "etc/apt.conf.d", "etc/preferences.d"):
        (PLACE / each).mkdir(parents=True, exist_ok=True)
    shutil.copy("/var/lib/dpkg/status", PLACE / "state" / "status")
    sources = [f"deb [signed-by={KEYRING}] {_mirror(suite)} {suite} main\n" for suite in SUITES]
    (PLACE / "etc" / "sources.list").write_text("".join(sources))
    (PLACE / "apt.conf").write_text(
        f'Dir "{PLACE}";\nDir::State "state";\nDir::State::status "{PLACE}/state/status";\nDir::Cache "cache";\n'
        'Dir::Etc "etc";\nDir::Etc::sourcelist "sources.list";\nDir::Etc::sourceparts "-";\n'
    )
    environment = os.environ | {"APT_CONFIG": str(PLACE / "apt.conf")}
    for words in (["update"], ["--yes", "--download-only", "--no-install-recommends", "install", "asterisk"]):
        done = subprocess.run(["apt-get", *words], env=environment, capture_output=True, check=False)
        if done.returncode:
            return
    for package in sorted((PLACE / "cache" / "archives").glob("*.deb")):
        subprocess.run(["dpkg", "--extract", str(package), str(PLACE / "root")], check=True)


def _mirror(suite):
    """The archive from which this system has its own packages."""
    found = subprocess.run(["apt-get", "indextargets", "--format", "$(REPO_URI)"], capture_output=True, text=True,
                           check=False).stdout.split()  # fmt: skip
    is_security = suite.endswith("-security")
    fits = [each for each in found if "debian" in each and ("security" in each) == is_security]
    return (fits or [f"https://deb.debian.org/debian{'-security' if is_security else ''}"])[0]


def _modules():
    return PLACE / "root" / "usr" / "lib" / "asterisk" / "modules"


if __name__ == "__main__":
    sys.exit(None if unpacked() else MISSING)
