#!/usr/bin/env bash
# An alert to a WeCom, a DingTalk and a Feishu group by apprise 2.3.0, against a server of our own on the loopback.
#
# Guess before running: these channels answer every request with HTTP 200 and say in the body whether the message was taken
#   (errcode or code other than 0: too many in a minute, a keyword missing); notify() is False then. A long text is split
#   where the channel's limit is, 2048 bytes in UTF-8 at WeCom, if one asks for overflow=split.
# Seen: for WeCom and DingTalk notify() is True when the message was refused: the answer's body is not looked at. For
#   Feishu it is False. apprise's limit for WeCom is 2048 characters, although its own comment says bytes: 1500 Chinese
#   characters, 4500 bytes, are sent as one message, which is more than twice what the channel takes.
# What it means: the alert that matters most, in the minute with the most alerts, is refused and noted as sent, and nobody climbs
#   the ladder. A long list of residents who did not answer goes the same way. Believe the answer's body, not its status, and
#   count a channel's limit in the channel's unit.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install apprise==2.3.0
"$folder/venv/bin/python" -W ignore - <<'PYTHON'
from http.server import BaseHTTPRequestHandler, HTTPServer
import json
import threading

from apprise.plugins.dingtalk import NotifyDingTalk
from apprise.plugins.feishu import NotifyFeishu
from apprise.plugins.wecombot import NotifyWeComBot

TAKEN = {"errcode": 0, "errmsg": "ok", "code": 0, "msg": "success"}
answer, received = TAKEN, []


class Channel(BaseHTTPRequestHandler):
    def do_POST(self):
        received.append(self.rfile.read(int(self.headers["Content-Length"])))
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = HTTPServer(("127.0.0.1", 0), Channel)
threading.Thread(target=server.serve_forever, daemon=True).start()
here = f"http://127.0.0.1:{server.server_port}/"


def told(kind, **options):
    kind.notify_url, kind.request_rate_per_sec = here, 0
    return lambda text: kind(**options).notify(body=text)


CHANNELS = {
    "WeCom": (told(NotifyWeComBot, key="invented-key"), {"errcode": 45009, "errmsg": "api freq out of limit"}, True),
    "DingTalk": (told(NotifyDingTalk, token="inventedtoken"), {"errcode": 310000, "errmsg": "keywords not in content"}, True),
    "Feishu": (told(NotifyFeishu, token="inventedtoken"), {"code": 9499, "msg": "Bad Request"}, False),
}
for name, (notify, refused, expected) in CHANNELS.items():
    answer = TAKEN
    assert notify("王奶奶没有接电话"), f"{name}: a message that was taken counts as not sent"
    answer = refused
    seen = notify("王奶奶没有接电话")
    print(f"{name}: a refused message counts as sent: {seen}")
    assert seen == expected, f"{name} is told otherwise now"

answer = TAKEN
received.clear()
wecom = NotifyWeComBot(key="invented-key", overflow="split")
assert wecom.notify(body="王奶奶没有接电话；" * 166 + "早安公告。")
texts = [json.loads(one)["text"]["content"] for one in received]
print("WeCom, split: characters", [len(text) for text in texts], "bytes", [len(text.encode()) for text in texts])
assert [len(text.encode()) for text in texts] == [4497], "a long text is split otherwise now"
server.shutdown()
PYTHON
