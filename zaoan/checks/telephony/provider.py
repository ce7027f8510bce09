"""The provider: is our account alive, are our numbers ours, and do they lead here?"""

from collections.abc import Iterator
from dataclasses import replace

from core.settings import TWILIO_API_URL, Settings, Telephony
from ivr.ports.webhook_paths import INBOUND
from ivr.provider.twilio.account import (
    Hook,
    NotAuthorisedError,
    NotOfferedError,
    OwnNumber,
    ProviderSilentError,
    TwilioAccount,
)
from zaoan.checks.observation import Observation, ok, warning, wrong
from zaoan.checks.settings import has_secret
from zaoan.checks.telephony.trunk import examine_trunk
from zaoan.process.exchange_process import Account
from zaoan.process.wiring import account_of

CHECK = "provider"
LITTLE_MONEY = 5.0
TWILIO_CALLS_PER_SECOND = 1.0


def examine_provider(chosen: Settings) -> list[Observation]:
    """The account, then each of our numbers."""
    if chosen.telephony is Telephony.SIP:
        return examine_trunk(chosen)
    simulated = chosen.telephony is Telephony.EXCHANGE
    if simulated and not has_secret(chosen):
        return [wrong(CHECK, "The exchange has never been started.", "Start the service with `zaoan up`.")]
    url = chosen.exchange_url if simulated else chosen.twilio_api_url
    known = account_of(chosen)
    account = TwilioAccount(known.sid, known.token, url)
    try:
        standing = list(_account(account))
        numbers = [_simulated(each) if simulated else each for each in _numbers(account, known, chosen.public_url)]
        return [*_said_by(chosen), *standing, *numbers, *_pace(chosen)]
    except NotAuthorisedError:
        return [_not_ours(simulated, url)]
    except ProviderSilentError as failure:
        mend = (
            "Start it with `zaoan up` or `zaoan exchange`."
            if simulated
            else "Look at this machine's way to the internet, and at ZAOAN_TWILIO_API_URL."
        )
        return [wrong(CHECK, "{url} does not answer: {reason}.", mend, url=url, reason=failure)]


def judge_number(number: OwnNumber, public_url: str) -> Iterator[Observation]:
    """What is wrong with one of our numbers; one observation that all is well otherwise."""
    found = [*_abilities(number), *_hooks(number, public_url.rstrip("/") + INBOUND)]
    yield from found or [ok(CHECK, "{number} is ours, can be rung and texted, and leads here.", number=number.number)]


def _simulated(observation: Observation) -> Observation:
    """Nothing can be set at the exchange, which knows our addresses from its start."""
    mend = "Start the exchange anew: it learns our addresses when it starts."
    return replace(observation, mend=mend) if observation.mend else observation


def _said_by(chosen: Settings) -> list[Observation]:
    if chosen.telephony is Telephony.TWILIO:
        return []
    return [ok(CHECK, "Simulation: nobody is really called. The exchange is at {url}.", url=chosen.exchange_url)]


def _account(account: TwilioAccount) -> Iterator[Observation]:
    try:
        standing = account.standing()
    except NotOfferedError:
        return
    if standing.status != "active":
        mend = "Look at the account in the provider's console: it may be suspended or closed."
        yield wrong(CHECK, "The account is {status}.", mend, status=standing.status)
        return
    yield ok(CHECK, "The account is active.")
    if standing.kind.casefold() == "trial":
        mend = "Upgrade it: a trial account rings only numbers that were verified there."
        yield warning(CHECK, "It is a trial account.", mend)
    yield from _money(account)


def _money(account: TwilioAccount) -> Iterator[Observation]:
    """Not every provider says what is left; then nothing is said."""
    try:
        left, currency = account.balance()
    except (NotOfferedError, NotAuthorisedError, ProviderSilentError):
        return
    gaps = {"left": f"{left:.2f} {currency}"}
    if left <= 0:
        yield wrong(CHECK, "There is no money left in the account ({left}).", "Put money in.", **gaps)
    elif left < LITTLE_MONEY:
        yield warning(CHECK, "There is little money left in the account ({left}).", "Put money in.", **gaps)


def _numbers(account: TwilioAccount, known: Account, public_url: str) -> Iterator[Observation]:
    for number in known.numbers:
        try:
            owned = account.number(number)
        except NotOfferedError:
            mend = "See there that its webhooks are {url}/voice, {url}/status and {url}/text, all by POST."
            said = "The provider does not show how {number} is set up."
            yield warning(CHECK, said, mend, number=number, url=public_url.rstrip("/") + INBOUND)
            continue
        if owned is None:
            mend = "Mend ZAOAN_TWILIO_NUMBER (E.164, for example +15551234567), or buy the number there."
            yield wrong(CHECK, "{number} is not a number of this account.", mend, number=number)
        else:
            yield from judge_number(owned, public_url)


def _abilities(number: OwnNumber) -> Iterator[Observation]:
    if not number.can_call:
        mend = "Choose a number with the ability “voice”."
        yield wrong(CHECK, "{number} cannot make calls.", mend, number=number.number)
    if not number.can_text:
        mend = "Choose a number with the ability “SMS”, or relatives will not be told by text."
        yield warning(CHECK, "{number} cannot send texts.", mend, number=number.number)


def _hooks(number: OwnNumber, inbound: str) -> Iterator[Observation]:
    if number.voice_elsewhere:
        mend = "Remove its application or trunk there, and set its voice webhook to {url} (POST)."
        said = "{number} sends its calls to an application or trunk, not to us."
        yield wrong(CHECK, said, mend, number=number.number, url=f"{inbound}/voice")
    elif not _leads_to(number.voice, f"{inbound}/voice"):
        mend = "Set its voice webhook there to {url} (POST)."
        said = "Whoever rings {number} back does not reach us (it leads to {now})."
        yield wrong(CHECK, said, mend, number=number.number, url=f"{inbound}/voice", now=_shown(number.voice))
    if not _leads_to(number.status, f"{inbound}/status"):
        mend = "Set its status callback there to {url} (POST)."
        said = "The end of calls to {number} is not reported to us (it leads to {now})."
        yield warning(CHECK, said, mend, number=number.number, url=f"{inbound}/status", now=_shown(number.status))
    if number.can_text and (number.texts_elsewhere or not _leads_to(number.text, f"{inbound}/text")):
        mend = "Set its messaging webhook there to {url} (POST)."
        said = "Texts to {number} do not reach us (they lead to {now})."
        yield warning(CHECK, said, mend, number=number.number, url=f"{inbound}/text", now=_shown(number.text))


def _leads_to(hook: Hook, url: str) -> bool:
    """A fragment only tunes how the provider tries."""
    return hook.url.partition("#")[0] == url and hook.method.upper() == "POST"


def _shown(hook: Hook) -> str:
    return f"{hook.method} {hook.url}" if hook.url else "—"


def _pace(chosen: Settings) -> list[Observation]:
    real = chosen.telephony is Telephony.TWILIO and chosen.twilio_api_url.rstrip("/") == TWILIO_API_URL
    if not real or chosen.line_calls_per_second <= TWILIO_CALLS_PER_SECOND:
        return []
    mend = "Make sure that Twilio has granted it; otherwise calls queue there and ring late."
    said = "The line places {pace} calls a second; a Twilio account has 1 unless more was granted."
    return [warning(CHECK, said, mend, pace=f"{chosen.line_calls_per_second:g}")]


def _not_ours(simulated: bool, url: str) -> Observation:
    if simulated:
        mend = "Stop it, or set ZAOAN_EXCHANGE_URL to another port."
        return wrong(CHECK, "The exchange at {url} belongs to another installation.", mend, url=url)
    mend = "Copy ZAOAN_TWILIO_ACCOUNT_SID and ZAOAN_TWILIO_AUTH_TOKEN anew from the provider's console."
    return wrong(CHECK, "The provider does not accept the account's id and token.", mend, url=url)
