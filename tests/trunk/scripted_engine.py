"""A telephone network that is an object: an engine whose calls do what a test says. Only the network is not real."""

from itertools import count

from trunk.sip.line import Line

_ids = count(1)


class ScriptedLine(Line):
    """A line without sound."""

    def __init__(self, dialled):
        super().__init__(f"dialog-{next(_ids)}")
        self.dialled = dialled
        self.response_heard()

    async def answer(self):
        self.answer_heard()

    async def refuse(self):
        self.close("486 Busy Here")

    async def hang_up(self):
        self.close("")

    def write(self, pcm):
        return len(pcm)

    def read(self):
        return b""

    def waiting(self):
        return 0

    def flush(self):
        pass


class ScriptedEngine:
    """``lines`` are all calls that were dialled, the earliest first."""

    def __init__(self):
        self.lines = []
        self.on_incoming = None

    def is_registered(self, peer, from_=""):
        return True

    async def start(self):
        pass

    async def dial(self, peer, dialled, from_, session, keep):
        self.lines.append(ScriptedLine(dialled))
        return self.lines[-1]

    def follow(self, line, keep):
        pass

    async def close(self):
        pass
