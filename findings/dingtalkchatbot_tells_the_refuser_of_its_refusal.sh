#!/usr/bin/env bash
# Alarms to a group of neighbours in DingTalk by DingtalkChatbot 1.5.7, against a stand-in for the service on loopback.
#
# Guess before running: a message that the service refuses (it answers HTTP 200 with an errcode, as it does for a robot with a keyword)
#   is an error; with fail_notice=True somebody is told by another way. Of twenty messages in a minute, which is what the
#   service takes, each leaves at once, and the next is refused.
# Seen: a refusal is an ordinary return value, a dictionary. With fail_notice=True the notice of it goes to the same address that has
#   just refused, where it is refused too (nobody looks at its answer), and in it the resident's name is "\u738b\u6842\u5170". The
#   twentieth message does not leave at once: send_text() sleeps for up to a minute first, and so does each one after it.
# What it means: an alarm that nobody got is "sent", twice; and when many do not pick up (a power cut), the call that reports the
#   twentieth stands still with everything behind it. Look at errcode, tell of a refusal by another channel, and pace one's
#   own queue, urgent ones first.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install DingtalkChatbot==1.5.7
"$folder/venv/bin/python" - 2> "$folder/errors" <<'PYTHON' || { cat "$folder/errors"; exit 1; }
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from dingtalkchatbot.chatbot import DingtalkChatbot

REFUSED = {"errcode": 310000, "errmsg": "keywords not in content"}
got, answers, slept = [], [], []


class Service(BaseHTTPRequestHandler):
    """Takes a message if it has the keyword of this robot."""

    def do_POST(self):
        message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        got.append(message["text"]["content"])
        answers.append({"errcode": 0, "errmsg": "ok"} if "守望" in got[-1] else REFUSED)
        body = json.dumps(answers[-1]).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *details):
        pass


service = ThreadingHTTPServer(("127.0.0.1", 0), Service)
threading.Thread(target=service.serve_forever, daemon=True).start()
address = f"http://127.0.0.1:{service.server_port}/robot/send?access_token=invented"

returned = DingtalkChatbot(address).send_text(msg="王桂兰没有接电话")
print("refused, and returned:", returned)
assert returned == REFUSED

got.clear(), answers.clear()
DingtalkChatbot(address, fail_notice=True).send_text(msg="王桂兰没有接电话")
print("with a notice:", *got, sep="\n  ")
assert len(got) == 2 and answers == [REFUSED, REFUSED], "the notice is taken, or goes elsewhere"
assert r"\u738b\u6842\u5170" in got[1] and "王桂兰" not in got[1]

got.clear()
time.sleep = slept.append
robot = DingtalkChatbot(address)
waits = []
for number in range(1, 23):
    robot.send_text(msg=f"守望 {number}")
    waits.append(sum(slept))
    slept.clear()
print("seconds slept before each of 22 messages:", *waits)
assert len(got) == 22 and not any(waits[:19]) and all(55 <= wait <= 61 for wait in waits[19:])
service.shutdown()
PYTHON
