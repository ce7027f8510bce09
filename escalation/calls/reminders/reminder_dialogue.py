"""What a responder hears who has taken a case and not gone on with it: how does it go?"""

from core.i18n import Language
from escalation.paging.page_dialogue import Matter
from ivr.dialogue.engine import Choice, Dialogue, End, Menu, Prompt

ON_THE_WAY, THERE, DONE, CANNOT = "on_the_way", "there", "done", "cannot"
GONE = "gone"
"""Where whatever is pressed leads when the case is theirs no more."""
_MEANWHILE = {GONE: GONE}


def reminder_dialogue(matter: Matter, waiting: int = 1) -> Dialogue:
    """Key 1 on the way, 2 cannot, 3 there, 4 done; of several (``waiting``) only 1 and 2, for all of them.

    As in a page no name and no door is said: nobody has proved yet that the responder listens. Silence changes nothing.
    """
    one = waiting == 1
    opening = Prompt(key="reminder.hello" if one else "reminder.hello_several",
                     words={"community": matter.community} | ({} if one else {"count": str(waiting)}))  # fmt: skip
    keys = {"1": _choice(ON_THE_WAY, matter), "2": _choice(CANNOT, matter)}
    if one:
        keys |= {"3": _choice(THERE, matter), "4": _choice(DONE, matter)}
    menu = Prompt(key="reminder.menu" if one else "reminder.menu_several")
    return Dialogue(
        name="reminder",
        language=Language(matter.language),
        first="how",
        entrances=(GONE,),
        steps={
            "how": Menu(
                prompts=(opening, *((matter.brief,) if one else ()), menu),
                again=(menu,),
                keys=keys,
                silence=Choice(leads_to="silent"),
                machine=Choice(leads_to="silent"),
                plays=2,
            ),
            ON_THE_WAY: _end("yours"),
            CANNOT: _end("cannot"),
            **({THERE: _end("yours"), DONE: _end("done")} if one else {}),
            "silent": _end("silent"),
            GONE: _end("gone"),
        },
    )


def _choice(leads_to: str, matter: Matter) -> Choice:
    return Choice(leads_to=leads_to, fact=leads_to, subject=matter.case_id, instead=_MEANWHILE)


def _end(word: str) -> End:
    return End(prompts=(Prompt(key=f"reminder.{word}"), Prompt(key="page.goodbye")))
