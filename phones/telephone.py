"""What a person can do with a telephone, whatever SIP stack is in it."""

import asyncio
from abc import ABC, abstractmethod
from enum import StrEnum

from phones.ear import Ear


class By(StrEnum):
    """Who has ended a call."""

    PERSON = "person"
    SERVICE = "service"
    NETWORK = "network"


class Telephone(ABC):
    """One call at one telephone. ``closed`` is done when it is over, with who ended it."""

    def __init__(self, call: str, number: str) -> None:
        loop = asyncio.get_running_loop()
        self.call, self.number = call, number
        self.answered: asyncio.Future[None] = loop.create_future()
        self.closed: asyncio.Future[By] = loop.create_future()
        self.status: int | None = None
        self.ear = Ear()

    @abstractmethod
    def ring(self) -> None:
        """180."""

    @abstractmethod
    def answer(self) -> None:
        """200."""

    @abstractmethod
    def refuse(self, status: int) -> None:
        """A final answer that is none."""

    @abstractmethod
    def press(self, key: str) -> None:
        """One key (RFC 4733)."""

    @abstractmethod
    def say(self, seconds: float) -> None:
        """Speaks for so long, and beeps."""

    @abstractmethod
    def hang_up(self) -> None:
        """BYE, once somebody has answered."""

    def is_over(self, by: By, status: int | None = None) -> None:
        """The call has ended; the first end counts."""
        if not self.closed.done():
            self.status = status
            self.closed.set_result(by)
