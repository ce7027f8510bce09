"""What a responder hears who wants to talk with the resident of their case: a key, and they are connected."""

from escalation.paging.page_dialogue import CONNECT, ENGAGED, Matter, telling, told_again
from ivr.dialogue.engine import Choice, Dialogue, End, Menu, Prompt

GONE = "gone"
"""Where a key leads when the case is theirs no more, or closed."""
_MEANWHILE = {ENGAGED: ENGAGED, GONE: GONE}


def talk_dialogue(matter: Matter, *, by_office: bool = False) -> Dialogue:
    """Key 1 connects; then as after a page that was accepted: 3 the address once more, 4 the resident once more.

    They have asked for it themselves, or ``by_office``.
    No name is said before the key: nobody has proved yet that the responder listens. A machine is told nothing.
    """
    goodbye = Prompt(key="page.goodbye")
    hello = Prompt(key="talk.office" if by_office else "talk.hello", words={"community": matter.community})
    connect = Choice(leads_to="connecting", fact=CONNECT, subject=matter.case_id, instead=_MEANWHILE)
    silent = Choice(leads_to="silent")
    return Dialogue(
        name="talk",
        language=matter.language,
        first="hello",
        entrances=(GONE,),
        steps={
            "hello": Menu(prompts=(hello,), keys={"1": connect}, silence=silent, machine=silent, plays=2),
            **telling(matter, told_again(matter), has_more=False),
            "silent": End(prompts=(Prompt(key="talk.silent"), goodbye)),
            GONE: End(prompts=(Prompt(key="reminder.gone"), goodbye)),
        },
    )
