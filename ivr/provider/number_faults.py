"""What the code means with which a number was refused, whichever provider or network has given it."""

from ivr import network_reasons
from ivr.ports.number_faults import NumberFault


def fault_of(code: int) -> NumberFault:
    """Codes of all providers are known, whichever one carries the calls now: a mark may be older than that."""
    if code <= network_reasons.LAST_CODE:
        return NumberFault.NOT_IN_SERVICE if network_reasons.is_not_in_service(code) else NumberFault.OTHER
    from ivr.provider.twilio.errors import NUMBER_FAULTS  # no page loads an adapter until there is something to tell

    return NUMBER_FAULTS.get(code, NumberFault.OTHER)
