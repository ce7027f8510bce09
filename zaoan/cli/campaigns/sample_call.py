"""``zaoan campaign test``: hear a campaign at one's own telephone."""

from typing import Annotated

import typer

from core.storage.database import unit_of_work
from zaoan.terminal.common import Json, acting, installation_open, print_json, say


def ring(
    name: Annotated[str, typer.Argument(help="The campaign's name.")],
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="Your own telephone number, of no resident.")],
    as_json: Json = False,
) -> None:
    """Rings you with what a resident would hear; what you press counts for nobody."""
    from campaigns.changes import campaign_lookup  # loads half of the service
    from campaigns.rounds import sample_calls

    with installation_open():
        with unit_of_work() as session:
            call = sample_calls.ring(session, acting(), campaign_lookup.find(session, name), number)
        if as_json:
            print_json({"campaign": name, "call": str(call.id), "number": call.number})
        else:
            say("{number} is rung with {name} as soon as a service runs.", number=call.number, name=name)
