"""A passkey device in software: what a browser's ``navigator.credentials`` would answer (WebAuthn level 3)."""

import json
import secrets
from dataclasses import dataclass, field
from hashlib import sha256

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40
NO_MODEL = bytes(16)


@dataclass
class Authenticator:
    """Holds one key for whoever asks first. ``flags`` is what it says of the user; it counts only if ``counts``.

    ``origin`` and ``rp_id`` are those of the page before which it is; None: those that it is asked for.
    """

    origin: str
    rp_id: str | None = None
    flags: int = PRESENT | VERIFIED
    counts: bool = True
    count: int = 0
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    user_handle: bytes = b""

    def make(self, asked):
        """The answer to ``navigator.credentials.create`` with these options."""
        self.user_handle = base64url_to_bytes(asked["user"]["id"])
        told = self._authenticator_data(asked["rp"]["id"], self.flags | ATTESTED, self._attested())
        statement = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": told})
        client = self._client_data("webauthn.create", asked["challenge"])
        return self._credential(clientDataJSON=client, attestationObject=statement)

    def show(self, asked):
        """The answer to ``navigator.credentials.get`` with these options."""
        self.count += 1 if self.counts else 0
        client = self._client_data("webauthn.get", asked["challenge"])
        told = self._authenticator_data(asked["rpId"], self.flags)
        signed = self.key.sign(told + sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._credential(
            clientDataJSON=client, authenticatorData=told, signature=signed, userHandle=self.user_handle
        )

    def _credential(self, **response):
        known = bytes_to_base64url(self.credential_id)
        pieces = {name: bytes_to_base64url(piece) for name, piece in response.items()}
        return {"id": known, "rawId": known, "type": "public-key", "response": pieces}

    def _client_data(self, kind, challenge):
        told = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(told).encode()

    def _authenticator_data(self, rp_id, flags, more=b""):
        of_party = sha256((self.rp_id or rp_id).encode()).digest()
        return of_party + bytes([flags]) + self.count.to_bytes(4, "big") + more

    def _attested(self):
        numbers = self.key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        return NO_MODEL + len(self.credential_id).to_bytes(2, "big") + self.credential_id + cbor2.dumps(public)
