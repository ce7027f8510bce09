from pathlib import Path

import numpy as np
import pytest

from audio import telephone
from audio.speech import Speech
from audio.store import ClipStore
from core.i18n import Language

DIGEST = "a" * 40
TONE = np.full(8000, 0.1, dtype=np.float32)


def test_a_clip_is_found_once_it_is_kept_by_any_process(tmp_path: Path) -> None:
    ours, theirs = ClipStore(tmp_path), ClipStore(tmp_path)
    assert ours.find(DIGEST) is None
    clip = theirs.add(DIGEST, TONE)
    assert ours.find(DIGEST) == clip


def test_a_clip_that_was_removed_is_no_longer_offered(tmp_path: Path) -> None:
    store = ClipStore(tmp_path)
    store.add(DIGEST, TONE).path.unlink()
    assert store.find(DIGEST) is None


def test_a_failed_write_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full_disk(path: Path, samples: object) -> None:
        path.write_bytes(b"RIFF")
        raise OSError("no space left on device")

    monkeypatch.setattr(telephone, "write_ulaw", full_disk)
    with pytest.raises(OSError, match="no space"):
        ClipStore(tmp_path).add(DIGEST, TONE)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "other",
    [
        Speech("王奶奶，您好！", Language.CHINESE, 170),
        Speech("王奶奶，您好。", Language.CHINESE, 171),
        Speech("王奶奶，您好。", Language.ENGLISH, 170),
    ],
)
def test_a_digest_names_text_language_and_pace(other: Speech, greeting: Speech) -> None:
    assert other.digest != greeting.digest
    assert greeting.digest == Speech("王奶奶，您好。", Language.CHINESE, 170).digest
    assert len(greeting.digest) == 40
