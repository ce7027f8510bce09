#!/usr/bin/env bash
# The trace of SIP messages of baresip-python 0.5.2a3 (libre 4.10.0), on loopback, against a telephone that is always busy.
#
# Guess before running: "log every SIP message sent and received" (Config.sip_trace) runs a log handler while the message is
#   being sent, as logging does in Python. Who writes the Call-ID into a journal in that handler has it before the far side
#   rings, and the time of a record is the time of its message.
# Seen: messages go through a queue to a thread of their own. A handler that waits before it is done with an INVITE holds
#   nothing up: the INVITE is at the far side, and the call is refused and closed, while the handler still has it. Its
#   records are dated when they are taken from the queue: the 486 of a far side that answers at once is a second late if
#   the handler took a second for the INVITE.
# What it means: after a crash there may be calls of which the journal knows nothing, though each was traced; and delays
#   measured by the times of the trace are those of the log. Write down what is about to be rung before dial().
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install baresip-python==0.5.2a3
"$folder/venv/bin/python" - <<'PYTHON'
import asyncio
import logging
import re
import socket
import threading
import time

from baresip import Account, BaresipError, Config, Event, Runtime, UserAgent, __version__

HOST, HELD = "127.0.0.1", 1.0
arrived, answered, closed = {}, {}, {}  # Call-ID -> when, in seconds since the epoch


def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.bind((HOST, 0))
        return one.getsockname()[1]


def field(message, name):
    return re.search(rf"^{name}: *(.*?)\r?$", message, re.MULTILINE | re.IGNORECASE)[1]


class Journal(logging.Handler):
    """Takes a second over each INVITE; knows what had happened by then."""

    def __init__(self):
        super().__init__()
        self.known, self.dated_486, self.threads = {}, {}, set()

    def emit(self, record):
        text = record.getMessage()
        self.threads.add(threading.current_thread().name)
        if re.search(r"^SIP/2.0 486", text, re.MULTILINE):
            self.dated_486[field(text, "Call-ID")] = record.created
        elif re.search(r"^INVITE ", text, re.MULTILINE):
            call_id = field(text, "Call-ID")
            time.sleep(HELD)
            self.known[call_id] = call_id in arrived, call_id in closed


def busy_telephone(far, until):
    """On a thread of its own: whatever holds Python's event loop up does not hold this one up."""
    while not until.is_set():
        try:
            data, caller = far.recvfrom(65535)
        except TimeoutError:
            continue
        message = data.decode()
        if not message.startswith("INVITE"):
            continue
        arrived.setdefault(field(message, "Call-ID"), time.time())
        via = "".join(f"Via: {each}\r\n" for each in re.findall(r"^Via: *(.*?)\r$", message, re.MULTILINE))
        same = "".join(f"{name}: {field(message, name)}\r\n" for name in ("From", "Call-ID", "CSeq"))
        far.sendto(f"SIP/2.0 486 Busy Here\r\n{via}{same}To: {field(message, 'To')};tag=far\r\n"
                   "Content-Length: 0\r\n\r\n".encode(), caller)
        answered.setdefault(field(message, "Call-ID"), time.time())


def happened(event):
    if event.event is Event.CALL_CLOSED:
        closed[event.call_id] = time.time()


async def main(theirs, journal):
    runtime = Runtime()
    await runtime.start(Config(net_interface=HOST, sip_trace=True, extra_config_text=f"sip_listen {HOST}:{free_port()}\n"))
    runtime.subscribe(happened)
    agent = await UserAgent.create(runtime, Account("ours", f"{HOST}:{theirs}", "", reg_interval=0, audio_codecs=("pcmu",)))
    for number in range(1, 4):
        await asyncio.wait_for(agent.dial(f"sip:busy@{HOST}:{theirs}"), 10)
        for _ in range(500):
            if len(journal.dated_486) >= number and len(closed) >= number:
                break
            await asyncio.sleep(0.02)
        else:
            raise SystemExit("no trace of the 486 in ten seconds")
    try:
        await runtime.close()
    except BaresipError:
        pass


journal, over = Journal(), threading.Event()
logger = logging.getLogger("baresip.native.sip")
logger.setLevel(logging.DEBUG)
logger.propagate = False
logger.addHandler(journal)
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as far:
    far.bind((HOST, 0))
    far.settimeout(0.2)
    telephone = threading.Thread(target=busy_telephone, args=(far, over))
    telephone.start()
    try:
        asyncio.run(main(far.getsockname()[1], journal))
    finally:
        over.set()
        telephone.join()

print(f"baresip-python {__version__}; the trace is told on {journal.threads}")
for call_id, (has_arrived, is_closed) in journal.known.items():
    late = journal.dated_486[call_id] - answered[call_id]
    print(f"while the handler has the INVITE: at the far side {has_arrived}, call closed {is_closed}; "
          f"its 486 is dated {late:.2f} s after it was sent")
    assert has_arrived and is_closed, "the trace holds a message up now"
    assert late > HELD / 2, "a record has the time of its message now"
assert len(journal.known) == 3
PYTHON
