import io
import wave

import pytest

from exchange.sound import wav_seconds
from tests.exchange.service import wav


def test_the_length_of_a_telephone_sound_is_read_from_its_header():
    assert wav_seconds(wav(2.5)) == pytest.approx(2.5)


def test_a_sound_of_another_encoding_is_read_as_well():
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(2)
        writer.setsampwidth(2)
        writer.setframerate(22050)
        writer.writeframes(bytes(22050 * 4))
    assert wav_seconds(file.getvalue()) == pytest.approx(1.0)


def test_a_file_cut_short_lasts_as_long_as_what_is_there():
    whole = wav(2)
    assert wav_seconds(whole[:-8000]) == pytest.approx(1.0)


@pytest.mark.parametrize("content", [b"", b"ID3 an mp3", wav(1)[:12], wav(1)[:40]])
def test_what_is_no_wav_is_said_to_be_none(content):
    with pytest.raises(ValueError, match="WAV"):
        wav_seconds(content)
