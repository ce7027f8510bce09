"""A worker process of a dialling room: dials until it is told to stop, and prints when each request left it."""

import json
import sys
import threading
from pathlib import Path
from time import sleep

from core.settings import Settings
from ivr.dispatch.dialler import Dialler
from ivr.dispatch.rate_limit import Pace
from ivr.ports import owners
from tests.ivr.dialling_room import Owner
from tests.ivr.owners import and_also
from zaoan.process import wiring


def main(settings_file):
    chosen = Settings(**json.loads(Path(settings_file).read_text()))
    database = wiring.open_house(chosen)
    connected = wiring.connect(chosen, chosen.public_url, chosen.twilio_api_url)
    owners.use(and_also(calls={"test": Owner()}))
    left = _departures()
    dialler = Dialler()
    print("ready", flush=True)
    stop = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.readline(), stop.set()), daemon=True).start()
    while not stop.is_set():
        dialler.dial()
        sleep(0.02)
    dialler.close()
    connected.voice.close()
    database.close()
    for at in left:
        print(at, flush=True)


def _departures():
    """Fills with the instants at which requests left, as the gate saw them and not when a busy machine came to look."""
    left, leave, one_by_one = [], Pace.leave, threading.Lock()

    def noting(pace):
        with one_by_one:
            leave(pace)
            left.append(pace._left[-1])

    Pace.leave = noting
    return left


if __name__ == "__main__":
    main(sys.argv[1])
