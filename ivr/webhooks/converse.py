"""What a provider's request for words stores, and the words: the unit of work of every turn of a call."""

from sqlalchemy.orm import Session

from ivr.dialogue.engine import Heard
from ivr.dispatch import legs
from ivr.models import Ending
from ivr.ports.events import LegReport, TurnReport
from ivr.ports.provider import Hangup
from ivr.ports.turn_url import TurnAddress
from ivr.provider.station import station
from ivr.turns import hearing, turns
from ivr.webhooks import reports

NOTHING_MORE = Hangup(())
UNHEARD_LEG = LegReport("", Ending.COMPLETED, was_connected=False)
"""What is known of a leg's end whose report could not be stored when it came."""


def converse(session: Session, address: TurnAddress, report: TurnReport, heard: Heard) -> str:
    """The reply in the provider's words. A turn that was stored before is answered as it was then, and stores nothing.

    A call that is not ours has nothing more to say.
    """
    call, known = reports.adopted_at(session, address.call_id, report.provider_id, address.number)
    if call is None:
        return station().telephony.render(NOTHING_MORE)
    if known is not None:
        return turns.said_again(call, known)
    if heard.sound in hearing.DIALLED:
        leg = report.told if isinstance(report.told, LegReport) else UNHEARD_LEG
        legs.dial_ended(session, call, address.number, leg.provider_id, leg.ending)
    return turns.first_reply(session, call, address.number, heard, address.position)
