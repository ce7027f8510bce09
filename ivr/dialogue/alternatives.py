"""Sentences that are only sometimes so: each has another one for when it is not, whose sound is made beforehand.

Who owns a call decides, as the database knows it at that moment, whether what a dialogue claims is so.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace

from ivr.dialogue.engine import Dialogue, Prompt, Turn


def with_spares(dialogue: Dialogue, instead: Mapping[str, str]) -> Dialogue:
    """The dialogue, ready for those of its prompts that have another one in ``instead`` (key to key)."""
    claims = [prompt for prompt in dialogue.prompts() if prompt.key in instead and not prompt.slower]
    keys = dict.fromkeys(prompt.key for prompt in claims)
    others = {key: (*dialogue.alternatives.get(key, ()), instead[key]) for key in keys}
    spare = (*dialogue.spare, *(_other(prompt, instead) for prompt in claims))
    return dialogue.model_copy(update={"spare": spare, "alternatives": {**dialogue.alternatives, **others}})


def claims_of(turn: Turn, claims: Collection[str]) -> frozenset[str]:
    """What the turn claims, of these."""
    return frozenset(prompt.key for prompt in turn.say if prompt.key in claims)


def said_instead(turn: Turn, instead: Mapping[str, str]) -> Turn:
    """The turn with the other sentence in place of each that ``instead`` names."""
    return replace(turn, say=tuple(_other(prompt, instead) for prompt in turn.say))


def _other(prompt: Prompt, instead: Mapping[str, str]) -> Prompt:
    return prompt.model_copy(update={"key": instead[prompt.key]}) if prompt.key in instead else prompt
