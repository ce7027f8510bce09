from pathlib import Path

import numpy as np
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from audio.routes import router
from audio.store import ClipStore

DIGEST = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    store = ClipStore(tmp_path / "clips")
    store.add(DIGEST, np.full(8000, 0.1, dtype=np.float32))
    (tmp_path / "secret.wav").write_bytes(b"not yours")
    (tmp_path / "clips" / "secret.wav").write_bytes(b"not yours")
    app = FastAPI()
    app.state.clips = store
    app.include_router(router)
    return TestClient(app)


def test_a_clip_is_served_as_a_wav_file_that_may_be_kept_for_ever(client: TestClient) -> None:
    reply = client.get(f"/telephony/audio/{DIGEST}.wav")
    assert reply.status_code == 200
    assert reply.headers["content-type"] == "audio/wav"
    assert reply.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert reply.content.startswith(b"RIFF")


def test_a_provider_may_ask_for_the_head_alone(client: TestClient) -> None:
    reply = client.head(f"/telephony/audio/{DIGEST}.wav")
    assert (reply.status_code, reply.headers["content-type"], reply.content) == (200, "audio/wav", b"")
    assert int(reply.headers["content-length"]) > 8000


@pytest.mark.parametrize(
    "name",
    [
        f"{'f' * 40}.wav",
        f"{DIGEST.upper()}.wav",
        f"{DIGEST}.mp3",
        DIGEST,
        f"{DIGEST}0.wav",
        f"{DIGEST}%0A.wav",
        "secret.wav",
        "../secret.wav",
        "..%2Fsecret.wav",
        "%2e%2e/secret.wav",
        "",
    ],
)
def test_anything_else_is_not_found(client: TestClient, name: str) -> None:
    assert client.get(f"/telephony/audio/{name}").status_code == 404
