"""A worker process of a dialling room: dials until it is told to stop, and prints when each request left it."""

import json
import sys
import threading
from pathlib import Path
from time import sleep, time

from core.settings import Settings
from ivr import seam
from ivr.dialling import Dialler
from ivr.station import station
from tests.ivr.dialling_room import Owner
from zaoan import wiring


def main(settings_file):
    chosen = Settings(**json.loads(Path(settings_file).read_text()))
    database = wiring.open_house(chosen)
    connected = wiring.connect(chosen, chosen.public_url, chosen.twilio_api_url)
    seam.register("test", Owner())
    telephony = station().telephony
    left, place = [], telephony.place

    def timed(order):
        left.append((time(), order.from_))
        return place(order)

    telephony.place = timed
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
    for at, from_ in left:
        print(at, from_, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
