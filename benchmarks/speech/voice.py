"""Voice: prompts rendered per second, and cache hits per second."""

from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from audio.clips.speech import Speech
from audio.clips.store import ClipStore
from audio.voice import Voice
from benchmarks.figures import Figure, at_least
from core.i18n import Language

PROMPTS = 30
LOOKS = 20_000
LEAST_A_SECOND = 20


def figures() -> list[Figure]:
    """Rendering beside finding."""
    with TemporaryDirectory(prefix="zaoan-bench-") as folder:
        voice = Voice(ClipStore(Path(folder)))
        speeches = [
            Speech(f"王奶奶，您好。今天是第{index}次早安电话。", Language.CHINESE, 170) for index in range(PROMPTS)
        ]
        voice.render(Speech("您好，这里是早安电话。", Language.CHINESE, 170))
        begun = perf_counter()
        for speech in speeches:
            voice.render(speech)
        rendered = PROMPTS / (perf_counter() - begun)
        begun = perf_counter()
        for index in range(LOOKS):
            voice.find(speeches[index % PROMPTS])
        found = LOOKS / (perf_counter() - begun)
        voice.close()
    beside = f"found in the cache: {found:,.0f} a second"
    return [Figure("prompts rendered", rendered, "a second", beside, bound=at_least(LEAST_A_SECOND))]
