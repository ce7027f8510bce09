"""Twilio's refusals of a call: whose fault each is — the number's, ours, or nobody's that lasts.

The meaning of each code is Twilio's error dictionary (twilio.com/docs/api/errors).
"""

from collections.abc import Mapping
from typing import Final

from ivr.ports.number_faults import NumberFault
from ivr.ports.provider import OurFaultError, RefusedForGoodError, RefusedForNowError, UncertainError

NUMBER_FAULTS: Final[Mapping[int, NumberFault]] = {
    13223: NumberFault.INVALID,  # not a telephone number
    13224: NumberFault.INVALID,  # unsupported or invalid
    13225: NumberFault.BLOCKED,  # forbidden
    13226: NumberFault.COUNTRY,  # no such country
    13227: NumberFault.COUNTRY,  # country not permitted
    21211: NumberFault.INVALID,  # not a telephone number
    21214: NumberFault.UNREACHABLE,  # cannot be reached
    21215: NumberFault.COUNTRY,  # country not permitted
    21216: NumberFault.BLOCKED,  # blocked
    21217: NumberFault.INVALID,  # does not appear to be valid
}
"""The provider will not ring this number, whoever asks: only somebody who corrects it can help."""
OURSELVES = frozenset(
    {
        10001,  # our account is suspended
        20001,  # a parameter of ours
        20003,  # our credentials
        20005,  # our account is not active
        20008,  # test credentials
        20403,  # our account may not
        20404,  # our account or address does not exist
        21201,  # we named no number
        21202,
        21203,
        21205,  # our public address
        21206,
        21207,
        21208,
        21209,  # our address for statuses
        21210,  # our caller number is not ours
        21212,  # our caller number is not a number
        21213,  # we named no caller number
        21218,
        21220,
    }
)
"""Every number would be refused alike until the operator mends the account, the caller number or the settings."""
OUR_STATUSES = frozenset({401, 402, 403, 404, 405, 407})
TOO_MANY = 20429


def refusal_of(status: int, code: int, message: str) -> Exception:
    """What an HTTP ``status`` (not 2xx) and Twilio's ``code`` say of a call that we asked for.

    After a 5xx, a redirect or 408 nobody knows whether the call was placed. A refusal that nobody has described is
    tried again: it neither condemns a number nor the line.
    """
    reason = f"HTTP {status}, code {code}: {message}"
    if status < 400 or status == 408 or status >= 500:
        return UncertainError(reason)
    if code in NUMBER_FAULTS:
        return RefusedForGoodError(code)
    if code in OURSELVES or (status in OUR_STATUSES and code != TOO_MANY):
        return OurFaultError(reason)
    return RefusedForNowError(reason)
