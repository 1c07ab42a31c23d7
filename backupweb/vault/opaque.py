"""The server's half of OPAQUE (RFC 9807): bytes in, bytes out. The only importer of the library."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar
from uuid import UUID

import opaque_snake as library

from backupweb.lib.secret import SecretBytes

Started = TypeVar("Started")


class NotOpaque(Exception):
    """These bytes are no message of the protocol."""


class DoesNotHold(Exception):
    """KE3 proves nothing: another password, another exchange, or one that was used before."""


@dataclass(frozen=True)
class Begun(Generic[Started]):
    """KE2, and what the server needs in order to judge KE3: once, in this process."""

    ke2: bytes
    started: Started


class Opaque(Protocol[Started]):
    """One library. The interop test runs a second one against the same bytes."""

    def setup(self) -> SecretBytes:
        """OPRF seed and server key pair of one record."""

    def respond(self, setup: SecretBytes, request: bytes, name: str) -> bytes:
        """The registration response."""

    def password_file(self, upload: bytes) -> SecretBytes:
        """What is kept of a registration."""

    def check_ke1(self, ke1: bytes) -> None:
        """Refuses what is no KE1, before anything is paid for it."""

    def begin(self, setup: SecretBytes, password_file: SecretBytes, ke1: bytes, name: str) -> Begun[Started]:
        """Makes KE2."""

    def finish(self, started: Started, ke3: bytes) -> None:
        """Returns where KE3 holds, else raises `DoesNotHold`."""


class OpaqueSnake:
    """ristretto255-SHA512, 3DH, context empty, identities are the public keys."""

    def setup(self) -> SecretBytes:
        return SecretBytes(library.OpaqueServer().export_setup())

    def respond(self, setup: SecretBytes, request: bytes, name: str) -> bytes:
        try:
            read = library.RegistrationRequest.from_bytes(request)
        except library.OpaqueError as error:
            raise NotOpaque from error
        return library.OpaqueServer(setup.expose()).create_registration_response(read, name).to_bytes()

    def password_file(self, upload: bytes) -> SecretBytes:
        try:
            read = library.RegistrationUpload.from_bytes(upload)
        except library.OpaqueError as error:
            raise NotOpaque from error
        return SecretBytes(library.OpaqueServer().finish_registration(read).to_bytes())

    def check_ke1(self, ke1: bytes) -> None:
        try:
            library.CredentialRequest.from_bytes(ke1)
        except library.OpaqueError as error:
            raise NotOpaque from error

    def begin(
        self, setup: SecretBytes, password_file: SecretBytes, ke1: bytes, name: str
    ) -> Begun[library.ServerLoginState]:
        ke2, started = library.OpaqueServer(setup.expose()).create_credential_response(
            library.CredentialRequest.from_bytes(ke1), name, library.PasswordFile.from_bytes(password_file.expose())
        )
        return Begun(ke2.to_bytes(), started)

    def finish(self, started: library.ServerLoginState, ke3: bytes) -> None:
        try:
            library.OpaqueServer().finish_login(library.CredentialFinalization.from_bytes(ke3), started)
        except library.OpaqueError as error:
            raise DoesNotHold from error


opaque: Opaque[library.ServerLoginState] = OpaqueSnake()


def credential_identifier(account: UUID, record: UUID) -> str:
    """What the OPRF key of a record is bound to."""
    return f"{account.hex}/{record.hex}"
