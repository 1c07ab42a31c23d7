"""A passkey in software: makes and signs what a browser would send."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

from backupweb.lib.wire import write_bytes

ORIGIN = "http://localhost"
RP_ID_HASH = hashlib.sha256(b"localhost").digest()
FLAG = AuthenticatorData.FLAG


@dataclass
class SoftPasskey:
    """One credential. `verifies`: whether it asks for a finger or a PIN, or is content with being there."""

    verifies: bool = True
    id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    user_handle: str = ""

    def create(self, options: dict[str, Any]) -> dict[str, Any]:
        """The answer to `navigator.credentials.create`."""
        asked = options["publicKey"]
        self.user_handle = asked["user"]["id"]
        public = ES256.from_cryptography_key(self.key.public_key())  # type: ignore[no-untyped-call]
        attested = AttestedCredentialData.create(b"\0" * 16, self.id, public)
        data = AuthenticatorData.create(RP_ID_HASH, self._flags(FLAG.AT), 0, attested)
        attestation = AttestationObject.create("none", data, {})
        return self._credential(
            clientDataJSON=self._client_data("webauthn.create", asked["challenge"]),
            attestationObject=bytes(attestation),
        )

    def get(self, options: dict[str, Any]) -> dict[str, Any]:
        """The answer to `navigator.credentials.get`."""
        client_data = self._client_data("webauthn.get", options["publicKey"]["challenge"])
        data = bytes(AuthenticatorData.create(RP_ID_HASH, self._flags(FLAG(0)), 1))
        signed = self.key.sign(data + hashlib.sha256(client_data).digest(), ec.ECDSA(hashes.SHA256()))
        answer = self._credential(clientDataJSON=client_data, authenticatorData=data, signature=signed)
        answer["response"]["userHandle"] = self.user_handle
        return answer

    def _flags(self, more: FLAG) -> FLAG:
        return FLAG.UP | more | (FLAG.UV if self.verifies else FLAG(0))

    def _client_data(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": ORIGIN}).encode()

    def _credential(self, **response: bytes) -> dict[str, Any]:
        return {
            "id": write_bytes(self.id),
            "rawId": write_bytes(self.id),
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {"credProps": {"rk": True}},
            "response": {name: write_bytes(content) for name, content in response.items()},
        }
