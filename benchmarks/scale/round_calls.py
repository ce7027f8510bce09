"""Calls of a round, as a worker queues and dials them; the provider only notes when each was asked for."""

from collections.abc import Sequence
from contextlib import closing
from itertools import product
from threading import Thread
from time import perf_counter, sleep
from typing import Final
from uuid import UUID

from sqlalchemy import select

from campaigns.models import Campaign
from campaigns.tasks import tick
from contacts.models import Resident
from core import clock
from core.storage.database import unit_of_work
from ivr.dispatch.dialler import Dialler
from ivr.ports.provider import CallOrder, ProviderCall
from ivr.provider.station import station

PROVIDER_SECONDS: Final = 0.05
LOOK_SECONDS: Final = 0.01
LONGEST_ROUND_SECONDS: Final = 300.0
FORMS: Final = ("奶奶", "爷爷", "阿姨", "叔叔", "老师", "大姐")
SURNAMES: Final = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"


def call_everybody_otherwise() -> None:
    """Three hundred surnames and forms of address, so that nobody's greeting is anybody else's."""
    called = (f"{surname}{form}" for form, surname in product(FORMS, SURNAMES))
    with unit_of_work() as session:
        for resident in session.scalars(select(Resident)):
            resident.called = next(called)


def placed_in_a_round(campaign_id: UUID, most: int) -> Sequence[float]:
    """When each of so many calls was asked for: seconds since the round began, which is now.

    Raises ``TimeoutError`` after ``LONGEST_ROUND_SECONDS``.
    """
    placed: list[float] = []
    begun = perf_counter()

    def place(order: CallOrder) -> ProviderCall:
        placed.append(perf_counter() - begun)
        sleep(PROVIDER_SECONDS)
        call_id = UUID(order.answer_url.split("/")[-3])
        return ProviderCall(f"CA{call_id.hex}", order.to, order.from_, clock.real_now(), None)

    station().telephony.place = place  # type: ignore[method-assign]
    with unit_of_work() as session:
        session.get_one(Campaign, campaign_id).next_round_at = clock.now()
    queueing = Thread(target=tick)
    queueing.start()
    with closing(Dialler()) as dialler:
        while len(placed) < most and perf_counter() - begun < LONGEST_ROUND_SECONDS:
            dialler.dial()
            sleep(LOOK_SECONDS)
    queueing.join()
    if len(placed) < most:
        raise TimeoutError(f"only {len(placed)} of {most} calls were placed")
    return sorted(placed)
