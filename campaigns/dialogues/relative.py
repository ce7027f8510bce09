"""What a relative hears who rings us: today's results, and a message if they wish."""

from collections.abc import Sequence

from campaigns.dialogues.message_to_office import MESSAGE, message_steps
from core.i18n import Language
from ivr.dialogue.engine import Choice, Dialogue, End, Menu, Prompt


def relative_dialogue(community: str, language: Language, told: Sequence[Prompt], emergency: str) -> Dialogue:
    """The news, and a message for whoever wishes to leave one."""
    hello = Prompt(key="relative.hello", words={"community": community})
    question = Prompt(key="relative.message")
    goodbye = Choice(leads_to="goodbye")
    steps = {
        "news": Menu(
            prompts=(hello, *told, question),
            again=(*told, question),
            keys={"0": Choice(leads_to=MESSAGE)},
            silence=goodbye,
            plays=1,
        ),
        "goodbye": End(prompts=(Prompt(key="relative.goodbye"),)),
        **message_steps(emergency),
    }
    return Dialogue(name="relative", language=language, first="news", steps=steps)
