"""The door: the exchange's listening socket, which can be shut for a while without disturbing what is under way."""

import asyncio
import socket

from aiohttp import web

from exchange.tasks import Tasks

RETRY_SECONDS = 0.2


class Door:
    """Listens from the beginning; ``attach`` says who answers there."""

    def __init__(self, host: str, port: int, tasks: Tasks) -> None:
        self._family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.create_server((host, port), family=self._family)
        self._host, self._port = self._socket.getsockname()[:2]
        self._tasks = tasks
        self._runner: web.AppRunner | None = None
        self._site: web.SockSite | None = None

    @property
    def address(self) -> str:
        """Where the exchange is found."""
        host = f"[{self._host}]" if self._family is socket.AF_INET6 else self._host
        return f"http://{host}:{self._port}"

    async def attach(self, runner: web.AppRunner) -> None:
        """From now on whoever comes is answered."""
        self._runner = runner
        self._site = web.SockSite(runner, self._socket)
        await self._site.start()

    async def shut_for(self, seconds: float) -> None:
        """For so many real seconds new connections are refused, as if nobody listened."""
        if self._runner is None or self._site is None:
            return
        runner, site, self._site = self._runner, self._site, None
        await site.stop()
        self._tasks.start(self._open_again(runner, seconds))

    async def _open_again(self, runner: web.AppRunner, seconds: float) -> None:
        """Should another process have taken the port for a connection of its own meanwhile, that is waited for."""
        await asyncio.sleep(seconds)
        while True:
            try:
                self._socket = socket.create_server((self._host, self._port), family=self._family)
                break
            except OSError:
                await asyncio.sleep(RETRY_SECONDS)
        await self.attach(runner)
