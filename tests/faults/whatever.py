"""Whatever may be sent to us: requests drawn by chance, the same for the same seed, each as odd as it happens to be."""

import json
import random
from urllib.parse import quote

A_RECORDING, A_CALL, A_TEXT = "RE" + "1" * 32, "CA" + "2" * 32, "SM" + "3" * 32
NOBODY = "01900000-0000-7000-8000-000000000000"
ODD = [
    "",
    " ",
    "1",
    "01",
    "+1",
    "１",
    "11",
    "1#",
    "#1",
    "w1w",
    " 1 ",
    "1x",
    "0",
    "2",
    "3",
    "9",
    "99",
    "7",
    "*",
    "#",
    "12345678",
    "一",
    "好",
    "不好",
    "不舒服",
    "我很好",
    "not well",
    "fine",
    "true",
    "null",
    "None",
    "NaN",
    "-1",
    "1e309",
    "9" * 5000,
    "0x1",
    "\0",
    "\x1b[31m",
    "\r\nX: y",
    "\u202e",
    "\ufffd",
    "é" * 300,
    "👵",
    "<b>&amp;'\"",
    "%00",
    "%",
    "../../etc/passwd",
    "{}",
    "[]",
    "http://[",
    "http://127.0.0.1:1/x",
    "javascript:1",
    "//[",
    "+8631186000101",
    "+999",
    "anonymous",
    "+266696687",
    "completed",
    "busy",
    "no-answer",
    "failed",
    "canceled",
    "in-progress",
    "human",
    "machine_start",
    "machine_end_beep",
    "fax",
    "unknown",
    "2026-13-45",
    "Sat, 99 Nov",
    A_RECORDING,
    A_CALL,
    A_TEXT,
    NOBODY,
    "RE1",
    "inbound",
    "outbound-api",
]
FIELDS = [
    "CallSid", "CallStatus", "AnsweredBy", "Digits", "FinishedOnKey", "SpeechResult", "Confidence", "RecordingSid",
    "RecordingStatus", "RecordingDuration", "RecordingUrl", "ErrorUrl", "ErrorCode", "DialCallStatus", "DialCallSid",
    "DialBridged", "From", "To", "Direction", "Body", "MessageSid", "MessageStatus", "msg", "digits", "FromCity", "说",
]  # fmt: skip
HEADERS = [
    "Accept-Language",
    "X-Parts",
    "If-None-Match",
    "Sec-Fetch-Site",
    "Range",
    "Accept",
    "Cookie",
    "Last-Event-ID",
]
VALUES = ["", "zh-CN", "en;q=x", "*", "1", "\xff", "same-origin", "cross-site", '"x"', "bytes=0-", "gzip", "9" * 200]
QUERY = ["step", "play", "language", "key", "try", "x"]
OF_PAGES = ["have", "finding", "resident", "campaign", "spoken", "after", "Page", "PageSize"]
STEPS = ["ask-0", "ok-0", "supplies-0", "unwell-0", "again-0", "nowhere", "quiet"]


class Whatever:
    """Draws what is sent; ``random`` decides."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def words(self) -> str:
        """One of the odd ones, several of them, or any characters at all."""
        kind = self.random.random()
        if kind < 0.75:
            return self.random.choice(ODD)
        if kind < 0.85:
            return self.random.choice(ODD)[:20] + self.random.choice(ODD)[:20]
        letters = (self.random.randint(0, 0x10FFFF) for _ in range(self.random.randint(0, 12)))
        return "".join(chr(each) for each in letters if not 0xD800 <= each < 0xE000)

    def fields(self, names: list[str], most: int = 6) -> dict[str, str]:
        """Some of these names, each with whatever."""
        return {self.random.choice(names): self.words() for _ in range(self.random.randint(0, most))}

    def query(self) -> dict[str, str]:
        """The query of a turn's address: as we write it, or anything."""
        if self.random.random() < 0.4:
            return {}
        written = {"step": self.random.choice(STEPS), "play": self.random.choice("123"), "language": "zh-CN"}
        return written | (self.fields(QUERY, 2) if self.random.random() < 0.4 else {})

    def body(self) -> bytes:
        """A body of any kind: JSON, a form, several parts, bytes."""
        kind = self.random.randint(0, 4)
        if kind == 0:
            return json.dumps(self.document()).encode("utf-8", "surrogatepass")
        if kind == 1:
            return self.random.randbytes(self.random.randint(0, 200))
        if kind == 2:
            return "&".join(f"{quote(k)}={quote(v)}" for k, v in self.fields(FIELDS).items()).encode()
        if kind == 3:
            return b'--b\r\nContent-Disposition: form-data; name="sound"; filename="x"\r\n\r\n' + self.random.randbytes(
                40
            )
        return b""

    def document(self, depth: int = 0) -> object:
        """Anything that JSON can say."""
        kind = self.random.randint(0, 7 if depth < 3 else 4)
        simple = (None, True, self.random.choice([0, -1, 1.5, 10**30, 1e300]), self.words(), self.words())
        if kind < len(simple):
            return simple[kind]
        size = range(self.random.randint(0, 3))
        if kind == 5:
            return [self.document(depth + 1) for _ in size]
        return {self.words()[:20]: self.document(depth + 1) for _ in size}

    def type_of_body(self) -> str:
        """What a body is said to be."""
        return self.random.choice([
            "application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=b",
            "multipart/form-data", "text/plain; charset=nonsense", "",
        ])  # fmt: skip

    def headers(self) -> dict[str, str]:
        """Headers that browsers send, and what they would never send in them."""
        return {self.random.choice(HEADERS): self.random.choice(VALUES) for _ in range(self.random.randint(0, 3))}

    def path(self, known: list[str]) -> str:
        """A known address, with whatever in its gaps and behind it."""
        path = self.random.choice(known)
        while "{}" in path:
            path = path.replace("{}", quote(self.words()[:60], safe="") or "x", 1)
        if self.random.random() < 0.4:
            fields = self.fields(
                [*QUERY, "have", "finding", "resident", "campaign", "spoken", "after", "Page", "PageSize"], 3
            )
            path += "?" + "&".join(f"{quote(k)}={quote(v[:300])}" for k, v in fields.items())
        return path
