"""Telephones behind a gateway, by pjsua2: ``python -m tests.trunk.phone ADDRESS SOUND_PORT FOLDER [MANNERS]``.

At most four calls at once. It reads orders as JSON lines and writes what happens as JSON lines. Whoever is rung follows
the order for their number (``script``), or rings for ever:
``{"code": 486, "after": 0.2, "reason": "Q.850;cause=17", "progress": true}``. With ``progress`` a file's sound, that of
``plays``, may come before the answer, ``unrung`` nothing tells of ringing; with ``lines`` no more calls at once than
that are taken; ``sdp`` are patterns and what stands in their place in the answer's description of the sound.

The manners of the whole gateway (JSON): ``transport`` (``udp``, ``tcp``, ``tls`` with ``certificate`` and ``key``),
``srtp`` (``mandatory``, ``optional``), ``silence`` (nothing is sent while nobody speaks).
"""

import json
import os
import re
import sys
import threading
from pathlib import Path
from queue import Empty, Queue
from time import time

import pjsua2 as pj
import soundfile

TICK_MILLISECONDS = 5
RINGING = 180
PROGRESS = 183
BUSY = 486
SRTP = {"mandatory": pj.PJMEDIA_SRTP_MANDATORY, "optional": pj.PJMEDIA_SRTP_OPTIONAL}
TRANSPORTS = {"udp": pj.PJSIP_TRANSPORT_UDP, "tcp": pj.PJSIP_TRANSPORT_TCP, "tls": pj.PJSIP_TRANSPORT_TLS}
LOUD = 8
"""Of 255, and loud enough to be words; what comes from the far side pjsua2 calls "tx" (2.15.1)."""


def tell(event, **more):
    print(json.dumps({"event": event, "at": time(), **more}), flush=True)


class Telephone(pj.Call):
    """One call of one number."""

    def __init__(self, house, account, call_id=pj.PJSUA_INVALID_ID, number=""):
        super().__init__(account, call_id)
        self.house, self.number, self.recorder, self.players = house, number, None, []
        self.audio, self.hears = None, False

    def onCallState(self, _):
        info = self.getInfo()
        if info.state == pj.PJSIP_INV_STATE_CONFIRMED:
            tell("answered", number=self.number, call=info.callIdString)
        if info.state == pj.PJSIP_INV_STATE_DISCONNECTED:
            if self.house.calls.get(self.number) is self:
                del self.house.calls[self.number]
            ended = {"call": info.callIdString, "code": info.lastStatusCode, "why": info.lastReason}
            self.house.due.append((time(), lambda: self.put_away(ended)))

    def onCallSdpCreated(self, prm):
        """The description of the sound leaves as the test has it; told as it was, for whoever stands in between."""
        tell("sdp", number=self.number, sdp=prm.sdp.wholeSdp)
        for pattern, instead in self.house.script.get(self.number, {}).get("sdp", ()):
            prm.sdp.wholeSdp = re.sub(pattern, instead, prm.sdp.wholeSdp)

    def onCallTsxState(self, prm):
        """What the far side has said to a request of ours within the call."""
        happened = prm.e.body.tsxState.tsx
        over = pj.PJSIP_TSX_STATE_TERMINATED if happened.method == "INVITE" else pj.PJSIP_TSX_STATE_COMPLETED
        if happened.role == pj.PJSIP_ROLE_UAC and happened.state == over:
            tell("replied", number=self.number, method=happened.method, code=happened.statusCode)

    def put_away(self, ended):
        """What was heard is in its file when the end is told; pjsua2 writes its length when the recorder goes."""
        self.recorder, self.players = None, []
        self.house.over.append(self)
        tell("ended", number=self.number, **ended)

    def onCallMediaState(self, _):
        info = self.getInfo()  # its list of media is gone when it is
        for index, media in enumerate(info.media):
            if media.type == pj.PJMEDIA_TYPE_AUDIO and media.status == pj.PJSUA_CALL_MEDIA_ACTIVE and not self.recorder:
                self.recorder = pj.AudioMediaRecorder()
                self.recorder.createRecorder(str(self.house.folder / f"{self.number.strip('+')}.wav"))
                self.audio = self.getAudioMedia(index)
                self.audio.startTransmit(self.recorder)
                if early := self.house.script.get(self.number, {}).get("plays"):
                    self.play(early)

    def hold(self, is_held):
        parameters = pj.CallOpParam(True)  # without its defaults there is no sound in it, and pjsua2 aborts
        if is_held:
            self.setHold(parameters)
            return
        parameters.opt.flag = pj.PJSUA_CALL_UNHOLD
        self.reinvite(parameters)

    def listen(self):
        """Tells once that words are heard."""
        if self.audio is not None and not self.hears and self.audio.getTxLevel() > LOUD:
            self.hears = True
            tell("hears", number=self.number)

    def onDtmfDigit(self, prm):
        tell("key", number=self.number, key=prm.digit)

    def play(self, path):
        """Tells that it is quiet again when the file is over."""
        player = pj.AudioMediaPlayer()
        self.house.due.append((time() + soundfile.info(path).duration, lambda: tell("quiet", number=self.number)))
        player.createPlayer(path, pj.PJMEDIA_FILE_NO_LOOP)
        player.startTransmit(self.audio)
        self.players.append(player)

    def press(self, keys, way):
        if way == "play":
            self.play(keys)
            return
        parameters = pj.CallSendDtmfParam()
        parameters.method = pj.PJSUA_DTMF_METHOD_SIP_INFO if way == "info" else pj.PJSUA_DTMF_METHOD_RFC2833
        parameters.digits = keys
        self.sendDtmf(parameters)


class Account(pj.Account):
    def __init__(self, house):
        super().__init__()
        self.house = house

    def onIncomingCall(self, prm):
        call = Telephone(self.house, self, prm.callId)
        info = call.getInfo()
        call.number = info.localUri.split("sip:")[1].split("@")[0]
        tell("rung", number=call.number, call=info.callIdString, caller=info.remoteUri, message=prm.rdata.wholeMsg)
        script = self.house.script.get(call.number, {})
        if call.number in self.house.calls and script.get("lines") == 1:
            self.house.over.append(call)
            self.house.answer(call, BUSY)
            return
        self.house.calls[call.number] = call
        self.house.ring(call)


class House:
    """All telephones of one gateway."""

    def __init__(self, address, sound_port, folder, manners):
        self.manners = manners
        self.folder, self.calls, self.over, self.due, self.script = Path(folder), {}, [], [], {}
        host, _, port = address.partition(":")
        self.endpoint = pj.Endpoint()
        self.endpoint.libCreate()
        config = pj.EpConfig()
        config.logConfig.level = config.logConfig.consoleLevel = 0
        config.uaConfig.threadCnt, config.uaConfig.mainThreadOnly = 0, True
        config.medConfig.sndAutoCloseTime = -1  # its clock would stand still while nothing is connected (2.15.1)
        config.medConfig.noVad = not manners.get("silence", False)
        self.endpoint.libInit(config)
        transport = pj.TransportConfig()
        transport.port, transport.boundAddress, transport.publicAddress = int(port), host, host
        self.transport = manners.get("transport", "udp")
        transport.tlsConfig.certFile = manners.get("certificate", "")
        transport.tlsConfig.privKeyFile = manners.get("key", "")
        self.endpoint.transportCreate(TRANSPORTS[self.transport], transport)
        self.endpoint.libStart()
        self.endpoint.audDevManager().setNullDev()
        self.host, self.port, self.sound_port, self.accounts = host, port, sound_port, []
        self.account = self.account_of("gateway")

    def account_of(self, user):
        """Who is told to ring; a whole address may be another one's."""
        config = pj.AccountConfig()
        config.idUri = user if "sip:" in user else f"sip:{user}@{self.host}:{self.port}"
        if srtp := self.manners.get("srtp"):
            config.mediaConfig.srtpUse, config.mediaConfig.srtpSecureSignaling = SRTP[srtp], 0
        config.mediaConfig.transportConfig.boundAddress = self.host
        config.mediaConfig.transportConfig.port = self.sound_port
        self.accounts.append(Account(self))
        self.accounts[-1].create(config)
        return self.accounts[-1]

    def ring(self, call):
        script = self.script.get(call.number, {})
        if not script.get("unrung"):
            self.answer(call, PROGRESS if script.get("progress") else RINGING)
        if "code" in script:
            self.due.append((time() + script.get("after", 0.1), lambda: self.answer(call, script["code"], script)))

    def answer(self, call, code, script=None):
        parameters = pj.CallOpParam()
        parameters.statusCode = code
        if reason := (script or {}).get("reason"):
            parameters.txOption.headers = headers_of({"Reason": reason})
        call.answer(parameters)

    def order(self, order):
        match order:
            case {"do": "script", "number": number, **script}:
                self.script[number] = script
            case {"do": "answer", "number": number}:
                self.answer(self.calls[number], 200)
            case {"do": "press", "number": number, "keys": keys, "way": way}:
                self.calls[number].press(keys, way)
            case {"do": "play", "number": number, "path": path}:
                self.calls[number].play(path)
            case {"do": "hang up", "number": number}:
                self.calls[number].hangup(pj.CallOpParam())
            case {"do": "hold", "number": number, "is_held": is_held}:
                self.calls[number].hold(is_held)
            case {"do": "ring", "number": number, "uri": uri, **how}:
                account = self.account_of(how.get("as_", number))
                call = self.calls[number] = Telephone(self, account, number=number)
                parameters = pj.CallOpParam(True)
                parameters.txOption.headers = headers_of(how.get("headers", {}))
                call.makeCall(uri, parameters)
            case {"do": "sync", "token": token}:
                tell("synced", token=token)

    def run(self, orders):
        while True:
            self.endpoint.libHandleEvents(TICK_MILLISECONDS)
            now = time()
            due, self.due = [each for each in self.due if each[0] <= now], [e for e in self.due if e[0] > now]
            for _, act in due:
                self.attempt(act)
            for call in list(self.calls.values()):
                self.attempt(call.listen)
            try:
                while (order := orders.get_nowait()) is not None:
                    self.attempt(lambda: self.order(order))
            except Empty:
                continue
            return

    def attempt(self, act):
        """What cannot be done any more, because the call has ended meanwhile, is told."""
        try:
            act()
        except (pj.Error, KeyError) as failure:
            tell("failed", why=repr(failure) if isinstance(failure, KeyError) else failure.info())


def headers_of(fields):
    headers = pj.SipHeaderVector()
    for name, value in fields.items():
        header = pj.SipHeader()
        header.hName, header.hValue = name, value
        headers.push_back(header)
    return headers


def read(orders):
    for line in sys.stdin:
        orders.put(json.loads(line))
    orders.put(None)


def main(address, sound_port, folder, manners="{}"):
    house, orders = House(address, int(sound_port), folder, json.loads(manners)), Queue()
    threading.Thread(target=read, args=(orders,), daemon=True).start()
    tell("ready")
    house.run(orders)
    os._exit(0)  # pjsua2 aborts when Python takes its objects apart in an order of its own


if __name__ == "__main__":
    main(*sys.argv[1:])
