"""sipp, the field's traffic generator: scenarios put together from steps, and runs of them on this machine.

``python -m tests.trunk.foreign.sipp`` makes sure that it is installed.
"""

import shutil
import subprocess
import sys
from contextlib import contextmanager

from tests.patience import PATIENCE_SECONDS
from tests.project.packages import install
from tests.trunk.ports import ADDRESS, sipp_ports

PACKAGE = "sip-tester"
MISSING = f"The tests of the telephone line need the system package {PACKAGE} (sipp)."
SDP = """v=0
o=sipp 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 [local_ip]
t=0 0
m=audio [media_port] RTP/AVP 8 101
a=rtpmap:8 PCMA/8000
a=rtpmap:101 telephone-event/8000
a=sendrecv
"""
_DIALOG = (
    ("From:", ".*", "remote"),
    ("To:", ".*", "local"),
    ("Contact:", "sip:[^>;]*", "target"),
    ("CSeq:", "[0-9]+", "number"),
)


def rung():
    """An INVITE comes in, and begins the dialog in which the requests below are sent."""
    taken = "".join(
        f'<ereg regexp="{what}" search_in="hdr" header="{header}" assign_to="{name}"/>'
        for header, what, name in _DIALOG
    )
    return f'<recv request="INVITE"><action>{taken}</action></recv>'


def comes(method, may_fail_to=False):
    """A request of the far side."""
    return f'<recv request="{method}" {"optional=" + chr(34) + "true" + chr(34) if may_fail_to else ""}/>'


def is_answered(status):
    """Our own request is."""
    return f'<recv response="{status}"/>'


CONTACT = "Contact: <sip:[local_ip]:[local_port]>\n"
DESCRIBED = "Content-Type: application/sdp\n"


def says(status, sdp=False, invite=False):
    """What is answered: to what came last, or to the INVITE where something else has come since."""
    sequence = "CSeq: [$number] INVITE" if invite else "[last_CSeq:]"
    head = f"[last_Via:]\n[last_From:]\n[last_To:];tag=[call_number]\n[last_Call-ID:]\n{sequence}\n{CONTACT}"
    return _sent(f"SIP/2.0 {status}", head + DESCRIBED * sdp, SDP * sdp)


def agrees(sdp=False):
    """To a request within the dialog."""
    head = f"[last_Via:]\n[last_From:]\n[last_To:]\n[last_Call-ID:]\n[last_CSeq:]\n{CONTACT}"
    return _sent("SIP/2.0 200 OK", head + DESCRIBED * sdp, SDP * sdp)


def asks(method, body="", kind="application/sdp", fields="", number=1):
    """A request within the dialog; the ``number`` counts them."""
    fields += f"Content-Type: {kind}\n" if body else ""
    return _sent(f"{method} [$target] SIP/2.0", f"Via: SIP/2.0/UDP [local_ip]:[local_port];branch=[branch]\n"
                 f"From:[$local];tag=[call_number]\nTo:[$remote]\nCall-ID: [call_id]\nCSeq: {number} {method}\n"
                 f"Max-Forwards: 70\nContact: <sip:[local_ip]:[local_port]>\n{fields}", body)  # fmt: skip


def presses(key, number=1):
    """A key by INFO, and that it was taken."""
    return asks("INFO", f"Signal={key}\nDuration=160\n", "application/dtmf-relay", number=number) + is_answered(200)


def pauses(milliseconds):
    return f'<pause milliseconds="{milliseconds}"/>'


def calls(uri, fields=""):
    """An INVITE of its own to us, from the number ``[service]``."""
    return _sent(f"INVITE {uri} SIP/2.0", f"Via: SIP/2.0/UDP [local_ip]:[local_port];branch=[branch]\n"
                 f"From: <sip:[service]@[local_ip]:[local_port]>;tag=[call_number]\nTo: <{uri}>\n"
                 f"Call-ID: [call_id]\nCSeq: 1 INVITE\nMax-Forwards: 70\n"
                 f"Contact: <sip:[service]@[local_ip]:[local_port]>\nContent-Type: application/sdp\n{fields}",
                 SDP)  # fmt: skip


def caller_asks(method, uri, sequence, body="", kind="", fields=""):
    """A request of a caller within the dialog that the last answer has named."""
    fields += f"Content-Type: {kind}\n" if body else ""
    return _sent(f"{method} [next_url] SIP/2.0", f"Via: SIP/2.0/UDP [local_ip]:[local_port];branch=[branch]\n"
                 f"From: <sip:[service]@[local_ip]:[local_port]>;tag=[call_number]\nTo: <{uri}>[peer_tag_param]\n"
                 f"Call-ID: [call_id]\nCSeq: {sequence} {method}\nMax-Forwards: 70\n"
                 f"Contact: <sip:[service]@[local_ip]:[local_port]>\n{fields}", body)  # fmt: skip


def _sent(start, fields, body):
    lines = "".join(f"{line}\n" for line in [start, *fields.splitlines(), "Content-Length: [len]", "", body.rstrip()])
    return f"<send><![CDATA[\n{lines}\n]]></send>"


@contextmanager
def running(folder, address, *steps, calls=1, arguments=()):
    """sipp at ``address`` for so many calls; at the end all of them have gone as the steps say, or this fails."""
    names = ",".join(name for *_, name in _DIALOG)
    known = f'<Reference variables="{names}"/>' if any("[$" in step or "assign_to" in step for step in steps) else ""
    scenario = folder / "scenario.xml"
    head = '<?xml version="1.0" encoding="ISO-8859-1" ?>'
    scenario.write_text(f'{head}\n<scenario name="test">{"".join(steps)}{known}</scenario>\n')
    host, _, port = address.partition(":")
    command = ["sipp", "-sf", str(scenario), "-i", host, "-p", port, "-m", str(calls), "-nostdin", "-trace_err",
               "-mi", ADDRESS, "-mp", str(sipp_ports()[0]), "-buff_size", "1048576", *arguments]  # fmt: skip
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        yield process
        said = process.communicate(timeout=PATIENCE_SECONDS)[1]
        assert process.returncode == 0, said + "".join(each.read_text() for each in folder.glob("*errors.log"))
    finally:
        process.kill()
        process.wait()


def missing():
    """What stands in the way of running it, or None."""
    return None if shutil.which("sipp") or (install(PACKAGE) and shutil.which("sipp")) else MISSING


if __name__ == "__main__":
    sys.exit(missing())
