from pathlib import Path

import numpy as np
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from audio.clips.clip_addresses import ClipAddresses
from audio.clips.routes import router
from audio.clips.store import ClipStore

DIGEST = "0123456789abcdef0123456789abcdef01234567"
ADDRESSES = ClipAddresses("http://testserver/", "of this house")
URL = ADDRESSES.url(DIGEST)
SIGNED = URL.rpartition("/")[2].removesuffix(".wav")


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    store = ClipStore(tmp_path / "clips")
    store.add(DIGEST, np.full(8000, 0.1, dtype=np.float32))
    (tmp_path / "secret.wav").write_bytes(b"not yours")
    (tmp_path / "clips" / "secret.wav").write_bytes(b"not yours")
    app = FastAPI()
    app.state.clips, app.state.addresses = store, ADDRESSES
    app.include_router(router)
    return TestClient(app)


def test_a_clip_is_served_as_a_wav_file_that_may_be_kept_for_ever(client: TestClient) -> None:
    reply = client.get(URL)
    assert reply.status_code == 200
    assert reply.headers["content-type"] == "audio/wav"
    assert reply.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert reply.content.startswith(b"RIFF")


def test_a_provider_may_ask_for_the_head_alone(client: TestClient) -> None:
    reply = client.head(URL)
    assert (reply.status_code, reply.headers["content-type"], reply.content) == (200, "audio/wav", b"")
    assert int(reply.headers["content-length"]) > 8000


@pytest.mark.parametrize(
    "name",
    [
        f"{DIGEST}.wav",
        f"{DIGEST}-.wav",
        f"{DIGEST}-{'0' * 32}.wav",
        f"{SIGNED[:-1]}.wav",
        f"{SIGNED[:-1]}{'0' if SIGNED[-1] != '0' else '1'}.wav",
        f"{'f' * 40}-{SIGNED[41:]}.wav",
        f"{SIGNED.upper()}.wav",
        f"{SIGNED}.mp3",
        SIGNED,
        f"{SIGNED}0.wav",
        f"{SIGNED}%0A.wav",
        "secret.wav",
        "../secret.wav",
        "..%2Fsecret.wav",
        "%2e%2e/secret.wav",
        "",
    ],
)
def test_anything_else_is_not_found(client: TestClient, name: str) -> None:
    assert client.get(f"/telephony/audio/{name}").status_code == 404


def test_an_address_of_another_installation_is_not_found(client: TestClient) -> None:
    theirs = ClipAddresses("http://testserver", "of another house").url(DIGEST)
    assert client.get(theirs).status_code == 404


def test_the_address_of_a_clip_that_is_gone_is_not_found(client: TestClient) -> None:
    assert client.get(ADDRESSES.url("f" * 40)).status_code == 404


def test_a_clip_has_one_address_that_does_not_tell_the_secret() -> None:
    assert ClipAddresses("http://testserver", "of this house").url(DIGEST) == URL
    assert "house" not in URL
