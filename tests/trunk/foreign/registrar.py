"""A telephone company that wants a password: a registrar over UDP, and what it refuses (RFC 3261 22, RFC 2617)."""

import hashlib
import re
import socket
import threading

from trunk.sip.messages import parsed

REALM, NONCE = "carrier.test", "a nonce"
ANSWERED, CHALLENGED_REGISTER, CHALLENGED_CALL, REFUSED, BUSY = 200, 401, 407, 403, 486
REASONS = {200: "OK", 401: "Unauthorized", 407: "Proxy Authentication Required", 403: "Forbidden", 486: "Busy Here"}
_FIELD = re.compile(r'(\w+)="?([^",]+)"?')


class Registrar:
    """At ``address``; ``registered`` are the seconds of each REGISTER that it took, 0 for a farewell.

    Whoever calls with the right password is told that the number is busy.
    """

    def __init__(self, address, user, password):
        self.address, self._user, self._password = address, user, password
        self.registered, self.refused, self.called = [], 0, []
        host, _, port = address.partition(":")
        self._socket = socket.socket(type=socket.SOCK_DGRAM)
        self._socket.bind((host, int(port)))
        threading.Thread(target=self._run, daemon=True).start()

    def close(self):
        self._socket.sendto(b"", self._socket.getsockname())

    def _run(self):
        while (received := self._socket.recvfrom(8192))[0]:
            message = parsed(received[0])
            if message is not None and message.method not in {"", "ACK"}:
                self._socket.sendto(self._answer(message), received[1])
        self._socket.close()

    def _answer(self, message):
        match message.method:
            case "REGISTER":
                status = self._judged(message, "Authorization", CHALLENGED_REGISTER)
                if status == ANSWERED:
                    self.registered.append(_seconds(message))
            case "INVITE":
                status = self._judged(message, "Proxy-Authorization", CHALLENGED_CALL)
                if status == ANSWERED:
                    self.called.append(message)
                    status = BUSY
            case _:
                status = ANSWERED
        return _text(message, status)

    def _judged(self, message, header, challenge):
        fields = dict(_FIELD.findall(message.header(header)))
        if not fields:
            return challenge
        if fields.get("response") == self._right(message.method, fields):
            return ANSWERED
        self.refused += 1
        return REFUSED

    def _right(self, method, fields):
        whose = _md5(f"{self._user}:{REALM}:{self._password}")
        what = _md5(f"{method}:{fields['uri']}")
        middle = f"{NONCE}:{fields['nc']}:{fields['cnonce']}:{fields['qop']}" if "qop" in fields else NONCE
        return _md5(f"{whose}:{middle}:{what}")


def _seconds(message):
    said = re.search(r"expires=(\d+)", message.header("Contact"))
    return int(said[1] if said else message.header("Expires"))


def _text(message, status):
    name = {CHALLENGED_REGISTER: "WWW-Authenticate", CHALLENGED_CALL: "Proxy-Authenticate"}.get(status)
    challenge = [f'{name}: Digest realm="{REALM}", nonce="{NONCE}", algorithm=MD5, qop="auth"'] if name else []
    to = message.header("To")
    lines = [
        f"SIP/2.0 {status} {REASONS[status]}",
        *(f"Via: {value}" for value in message.headers("Via")),
        f"From: {message.header('From')}",
        f"To: {to}{'' if ';tag=' in to else ';tag=registrar'}",
        f"Call-ID: {message.header('Call-ID')}",
        f"CSeq: {message.header('CSeq')}",
        *challenge,
        *([f"Contact: {message.header('Contact')}"] if status == ANSWERED and message.method == "REGISTER" else []),
        "Content-Length: 0",
    ]
    return "\r\n".join([*lines, "", ""]).encode()


def _md5(text):
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
