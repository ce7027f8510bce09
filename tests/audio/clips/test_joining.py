"""A recorded sentence with a name in it that somebody else says: one clip, without a click or a jump."""

import numpy as np
import pytest

from audio.clips.joining import BREATH_SECONDS, joined
from audio.sound.activity import activity
from audio.sound.telephone import PEAK_DBFS, RATE, TARGET_LUFS, measure, to_telephone
from tests.audio.recordings import RATE as RECORDED_RATE
from tests.audio.recordings import murmur


def clip(seconds: float, amplitude: float, hertz: float) -> np.ndarray:
    return to_telephone(murmur(seconds, amplitude, hertz), RECORDED_RATE)


@pytest.fixture(scope="module")
def parts() -> tuple[np.ndarray, np.ndarray]:
    """A high voice and a low one."""
    return clip(1.2, 0.3, 210), clip(0.8, 0.3, 120)


def test_the_pieces_are_equally_loud_and_so_is_the_whole(parts):
    whole = joined([parts[0], 0.5, 0.4 * parts[1]])
    spoken = activity(whole, RATE)
    middle = round((spoken.start_seconds + 1.2 + 0.25) * RATE)
    first, second = measure(whole[:middle]), measure(whole[middle:])
    assert first.loudness_lufs == pytest.approx(second.loudness_lufs, abs=1)
    heard = measure(whole)
    assert heard.loudness_lufs == pytest.approx(TARGET_LUFS, abs=0.5)
    assert heard.peak_dbfs <= PEAK_DBFS


@pytest.mark.parametrize("between", [[], [0.2]], ids=["touching", "with a pause"])
def test_no_joint_clicks(between):
    """A click is a step from one sample to the next that is greater than any within the sound itself."""
    tone = 0.3 * np.sin(2 * np.pi * 400 * np.arange(RATE) / RATE + np.pi / 2)
    whole = joined([tone[: RATE // 2 + 1], *between, tone[: RATE // 2]])
    start = round(activity(whole, RATE).start_seconds * RATE)
    joint = start + RATE // 2
    within = np.max(np.abs(np.diff(whole[start + 400 : joint - 400])))
    assert np.max(np.abs(np.diff(whole[joint - 400 : joint + 2400]))) <= 1.05 * within


def test_pieces_lose_their_own_quiet_and_get_what_was_asked_for(parts):
    alone = sum(activity(part, RATE).seconds for part in parts)
    assert activity(joined([parts[0], 0.5, parts[1]]), RATE).seconds == pytest.approx(alone + 0.5, abs=0.05)
    touching = activity(joined([parts[0], parts[1]]), RATE).seconds
    assert touching == pytest.approx(alone + BREATH_SECONDS, abs=0.05)


def test_nothing_joined_is_nothing_heard():
    assert measure(joined([])).activity.seconds == 0
