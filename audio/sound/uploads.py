"""Uploads: a recording of a person, in whatever format it comes, becomes what a telephone plays well.

FFmpeg's decoders (PyAV) read wav, mp3, ogg, webm/opus as a browser records it, mp4/m4a as telephones do, wma, and more.
"""

from io import BytesIO
from typing import Final

import av
import numpy as np

from audio.sound.activity import Samples, activity, faded, rms, trimmed
from audio.sound.dtmf import keys_in
from audio.sound.telephone import LEAD_IN_SECONDS, TelephoneSamples, to_telephone
from core.errors import UserError

RATE: Final = 16_000
SHORTEST_SECONDS: Final = 0.3
"""Of speech. Even a short name takes longer."""

LONGEST_SECONDS: Final = 120.0
QUIETEST_PEAK: Final = 0.02
"""About −34 dBFS: what is louder can be made as loud as the rest without its noise becoming louder than a line's."""

LEAST_OF_THE_LOUDEST: Final = 0.6
"""Of the loudest channel's RMS: an average below it has lost words. One silent channel of two leaves 0.5."""

MOST_CLIPPED: Final = 0.02
"""Share of the speech's samples at full scale; from here on words are hard to make out, and no filter mends that."""

_FULL_SCALE: Final = 0.999
LARGEST_BYTES: Final = 50_000_000
"""Two minutes of stereo at 48 kHz and 32 bits are 46 MB; nothing that people record is so wasteful."""

_CONTAINERS: Final = "wav,w64,asf,mp3,ogg,matroska,webm,mov,mp4,m4a,3gp,3g2,mj2,aac,flac,amr,amrnb,amrwb,aiff,caf,au"
"""Only files that carry their own sound: a playlist could make FFmpeg open other files of this machine."""

_ONLY_SOUND: Final = {"format_whitelist": _CONTAINERS, "protocol_whitelist": ""}


class UnusableRecordingError(UserError):
    """A recording that cannot be played to anybody; says why and what to do."""

    def __init__(self, message: str, way_out: str, **gaps: object) -> None:
        super().__init__(message, way_out=way_out, field="recording", **gaps)


def from_upload(content: bytes) -> TelephoneSamples:
    """The recording as an 8 kHz clip like any other. Raises ``UnusableRecordingError``."""
    recorded = _decoded(content)
    peak = float(np.max(np.abs(recorded))) if len(recorded) else 0.0
    if peak < QUIETEST_PEAK:
        raise UnusableRecordingError(
            "The recording is silent.", "Check the microphone, come closer to it, and record it again."
        )
    _refuse_distorted(trimmed(recorded, RATE))
    samples = recorded / peak
    _refuse_length(samples)
    clip = to_telephone(faded(trimmed(samples, RATE), RATE), RATE)
    _refuse_keys(clip, activity(samples, RATE).start_seconds - LEAD_IN_SECONDS)
    return clip


def _refuse_keys(clip: TelephoneSamples, begins: float) -> None:
    """Played into a call, it would count as an answer (talk-off). The clip ``begins`` at this second of it."""
    if keys := keys_in(clip):
        raise UnusableRecordingError(
            "At {at} s the recording sounds like key {key} of a telephone, and would count as pressed in a call.",
            "Record it again where no telephone key, beep or tone is heard.",
            at=f"{begins + keys[0].start_seconds:.1f}",
            key=keys[0].name,
        )


def _refuse_length(samples: Samples) -> None:
    spoken = activity(samples, RATE)
    if spoken.seconds < SHORTEST_SECONDS:
        raise UnusableRecordingError(
            "The recording is too short: {seconds} s of speech.",
            "Record the whole sentence, and stop a moment after it.",
            seconds=f"{spoken.seconds:.1f}",
        )
    if spoken.seconds > LONGEST_SECONDS:
        raise _too_long()


def _refuse_distorted(spoken: Samples) -> None:
    if float(np.mean(np.abs(spoken) >= _FULL_SCALE)) > MOST_CLIPPED:
        raise UnusableRecordingError(
            "The recording is distorted: it was too loud for the microphone.",
            "Record it again a little further from the microphone.",
        )


def _too_long() -> UnusableRecordingError:
    return UnusableRecordingError(
        "The recording is longer than {most} s.", "Record only this one sentence.", most=round(LONGEST_SECONDS)
    )


def _decoded(content: bytes) -> Samples:
    """Mono floats at ``RATE``; stops decoding when more than is allowed has come."""
    if len(content) > LARGEST_BYTES:
        raise _too_long()
    try:
        with av.open(BytesIO(content), mode="r", metadata_errors="ignore", options=_ONLY_SOUND) as container:
            if not container.streams.audio:
                raise _unreadable()
            return _heard(container)
    except (av.FFmpegError, ValueError, IndexError) as failure:
        raise _unreadable() from failure


def _heard(container: "av.container.InputContainer") -> Samples:
    resampler = av.AudioResampler(format="fltp", rate=RATE)
    chunks: list[Samples] = []
    length = 0
    for decoded in container.decode(audio=0):
        for frame in resampler.resample(decoded):
            chunks.append(_samples(frame))
            length += chunks[-1].shape[1]
        if length > 2 * LONGEST_SECONDS * RATE:  # quiet around the speech is cut off; nobody is quiet for so long
            raise _too_long()
    chunks += [_samples(frame) for frame in resampler.resample(None)]
    return _mixed(np.concatenate(chunks, axis=1)) if chunks else np.zeros(0)


def _samples(frame: av.AudioFrame) -> Samples:
    """A row for each channel."""
    return np.asarray(frame.to_ndarray(), dtype=np.float64)


def _mixed(channels: Samples) -> Samples:
    """One channel: their average, or the loudest of them where one is silent or they cancel each other.

    FFmpeg's own way to mono adds them (+3 dB where both are alike), which distorts a good recording.
    """
    average = channels.mean(axis=0)
    loudest = channels[int(np.argmax(np.mean(channels**2, axis=1)))]
    mixed: Samples = average if rms(average) >= LEAST_OF_THE_LOUDEST * rms(loudest) else loudest
    return mixed


def _unreadable() -> UnusableRecordingError:
    return UnusableRecordingError(
        "The recording cannot be read: its format is not known, or the file is damaged.",
        "Give it as wav, mp3, m4a, wma, ogg or webm.",
    )
