"""What is wrong with a dialogue, in words for whoever wrote it."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import UserError
from core.i18n import Language, translate


@dataclass(frozen=True, init=False)
class Problem:
    """One thing that is wrong: ``message`` (a catalogue key) and its gaps, the step, and the key or event there.

    ``key`` is a key of the telephone, or what is heard in its place: ``silence``, ``machine``, a meaning.
    """

    message: str
    step: str | None
    key: str | None
    gaps: tuple[tuple[str, object], ...]

    def __init__(self, message: str, step: str | None = None, key: str | None = None, **gaps: object) -> None:
        for name, value in (("message", message), ("step", step), ("key", key), ("gaps", tuple(gaps.items()))):
            object.__setattr__(self, name, value)

    def describe(self, language: Language) -> str:
        """Where it is, and what it is."""
        return self._place(language) + translate(language, self.message, **dict(self.gaps))

    def _place(self, language: Language) -> str:
        if self.step is None:
            return ""
        if self.key is None:
            return translate(language, "Step {step}: ", step=self.step)
        return translate(language, "Step {step}, key {key}: ", step=self.step, key=self.key)


class DialogueError(UserError):
    """A dialogue that no call may carry; ``problems`` are all of them."""

    def __init__(self, name: str, problems: Sequence[Problem]) -> None:
        super().__init__(
            "The dialogue “{value}” cannot be used: {count} things in it are wrong.",
            way_out="Mend these and save it again:",
            field="dialogue",
            value=name,
            count=len(problems),
        )
        self.problems = tuple(problems)

    def describe(self, language: Language) -> str:
        """The whole story, one line for each problem."""
        return "\n".join([super().describe(language), *(problem.describe(language) for problem in self.problems)])
