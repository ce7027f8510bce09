"""What has no clip yet is worked out once for a call, and what was found is not looked for again."""

from audio.clips.speech import Speech
from core.i18n import Language
from ivr.prompts.lacking import Lacking

BEST, SIMPLER, OTHER = (Speech(text, Language.CHINESE, 170) for text in ("一", "二", "三"))


def lacking(there):
    """Of what may be said the first prompt has two sounds, the second none of ours, the third one."""
    asked = []
    return Lacking([(BEST, SIMPLER), (), (OTHER,)], lambda sound: asked.append(sound) or sound in there), asked


def test_it_is_ready_once_everything_has_its_best_clip_and_audible_once_it_has_any():
    there = {OTHER}
    wanted, _ = lacking(there)
    assert (wanted.is_ready(), wanted.is_audible()) == (False, False)
    there.add(SIMPLER)
    assert (wanted.is_ready(), wanted.is_audible()) == (False, True)
    there.add(BEST)
    assert (wanted.is_ready(), wanted.is_audible()) == (True, True)


def test_asked_again_it_looks_only_for_what_was_not_there():
    wanted, asked = lacking({OTHER})
    wanted.is_ready()
    asked.clear()
    wanted.is_ready()
    assert asked == [BEST]


def test_where_nothing_of_ours_is_to_be_said_it_is_ready():
    assert Lacking([(), ()], lambda _: False).is_ready()
