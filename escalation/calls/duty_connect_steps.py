"""Key 4 for a responder who has rung in and typed their PIN: they are connected with the resident of their case."""

from escalation.paging.page_dialogue import RESIDENT
from ivr.dialogue.engine import Choice, Connect, Menu, Prompt, Say, Step

CONNECT = "connect"
ENGAGED, GONE = "engaged", "gone"
"""Why a key leads elsewhere: the resident is in another call, the case was accepted or closed by somebody else."""
KEY = "4"


def connecting(index: int, case_id: str) -> Choice:
    """What key 4 means for the case with this index."""
    instead = {ENGAGED: engaged(index), GONE: gone(index)}
    return Choice(leads_to=f"connecting-{index}", fact=CONNECT, subject=case_id, instead=instead)


def engaged(index: int) -> str:
    """The step for a resident who is in another call."""
    return f"engaged-{index}"


def gone(index: int) -> str:
    """The step for a case that somebody else has accepted or closed in the meantime."""
    return f"gone-{index}"


def talking_steps(index: int, after: str) -> dict[str, Step]:
    """Where key 4 leads; ``after`` follows the talk, and whatever came of it."""
    not_connected = f"not-connected-{index}"
    connecting = Connect(
        prompts=(Prompt(key="page.connecting"),),
        whom=RESIDENT,
        connected=Choice(leads_to=after),
        not_connected=Choice(leads_to=not_connected),
    )
    return {
        f"connecting-{index}": connecting,
        not_connected: Say(prompts=(Prompt(key="page.not_connected"),), then=after),
        engaged(index): Say(prompts=(Prompt(key="page.engaged"),), then=after),
    }


def talking_menu(index: int, case_id: str, details: str, after: str) -> Step:
    """The address once more, or the resident once more."""
    return Menu(
        prompts=(Prompt(key="page.menu"),),
        keys={"3": Choice(leads_to=details), KEY: connecting(index, case_id)},
        silence=Choice(leads_to=after),
        plays=2,
    )
