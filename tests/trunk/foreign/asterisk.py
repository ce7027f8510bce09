"""Asterisk 16 as a peer of the trunk.

What it is configured with stands in ``docs/sip.md``; here are only the telephones behind it.
"""

import re
from pathlib import Path

from benchmarks.asterisk import archive
from benchmarks.asterisk.private import PrivateAsterisk
from tests.trunk.ports import sound_ports

TOP = Path(__file__).parents[3]
THEIRS, OURS = "192.168.1.20", "192.168.1.10"
"""The addresses in the document."""
TRIED = ("app_senddtmf", "res_clioriginate")
"""What the telephone to try with needs besides."""
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


def documented_command():
    """The command by which a telephone to try with rings us."""
    [command] = re.findall(r'asterisk -rx "(.*?)"`\.', (TOP / "docs" / "sip.md").read_text("utf-8"))
    return command


def pjsip_conf(address, trunk, *, with_password):
    """The document's configuration for these addresses: of Asterisk and of the trunk."""
    block = documented(r"; pjsip\.conf\n")
    if with_password:
        block = block.partition("[zaoan]\ntype=aor")[0] + documented(r"; pjsip\.conf, with a password")
    block = block.replace(f"{THEIRS}:5060", address).replace(f"{OURS}:5060", trunk)
    return block.replace(THEIRS, address.partition(":")[0]).replace(OURS, trunk.partition(":")[0])


def extensions_conf(*, has_lines):
    """The document's; without lines its telephone to try with takes their place."""
    block = documented(r"; extensions\.conf")
    if has_lines:
        return block
    return block.replace("PJSIP/${EXTEN}@lines", "Local/${EXTEN}@try") + documented("; a telephone to try with")


class Asterisk(PrivateAsterisk):
    """At ``address``, for a trunk at ``trunk``, with telephones at ``telephones``; its files are in ``folder``."""

    def __init__(self, folder, address, trunk, telephones, *, dtmf_mode="rfc4733", with_password=False, has_lines=True):
        self.address = address
        lines = LINES.format(dtmf_mode=dtmf_mode, telephones=telephones, telephones_host=telephones.partition(":")[0])
        pjsip = pjsip_conf(address, trunk, with_password=with_password)
        files = {"pjsip": pjsip + lines, "extensions": extensions_conf(has_lines=has_lines)}
        super().__init__(archive.find(), folder, files, sound_ports=sound_ports(), modules=TRIED)
        self.start()

    close = PrivateAsterisk.kill
