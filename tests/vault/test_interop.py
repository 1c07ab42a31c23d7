"""What is stored is OPAQUE, not one library's own: a second library, published vectors and an oracle agree."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import opaque_ke_py as second
import opaque_snake
import pytest

from backupweb.lib.secret import SecretBytes
from backupweb.vault.ledger import ledger
from backupweb.vault.models import VaultRecord
from backupweb.vault.opaque import Begun, DoesNotHold, NotOpaque, Opaque, OpaqueSnake, credential_identifier
from backupweb.vault.sealed import Place, unseal
from tests.vault import oracle
from tests.vault.client import VaultClient

VECTORS = Path(__file__).parents[1] / "vectors"
# The client halves of both libraries know these costs only.
COSTS = oracle.Costs(memory=19456, passes=2, lanes=1)
NAME = credential_identifier(uuid4(), uuid4())


class OpaqueKe:
    """The second library, behind the same interface."""

    def setup(self) -> SecretBytes:
        return SecretBytes(bytes(second.server_setup().to_bytes()))

    def respond(self, setup: SecretBytes, request: bytes, name: str) -> bytes:
        return bytes(second.server_registration_start(self._read(setup), request, name.encode()).get_message())

    def password_file(self, upload: bytes) -> SecretBytes:
        return SecretBytes(bytes(second.server_registration_finish(upload).get_password_file()))

    def check_ke1(self, ke1: bytes) -> None:
        # It only looks at KE1 when it answers, so it answers, with a record that nobody has.
        setup = self.setup()
        password_file, _ = second_enrols(self, setup, "nobody's")
        try:
            self.begin(setup, password_file, ke1, NAME)
        except Exception as error:
            raise NotOpaque from error

    def begin(self, setup: SecretBytes, password_file: SecretBytes, ke1: bytes, name: str) -> Begun[bytes]:
        done = second.server_login_start(self._read(setup), password_file.expose(), ke1, name.encode())
        return Begun(bytes(done.get_message()), bytes(done.get_state()))

    def finish(self, started: bytes, ke3: bytes) -> None:
        try:
            second.server_login_finish(started, ke3)
        except Exception as error:
            raise DoesNotHold from error

    @staticmethod
    def _read(setup: SecretBytes) -> Any:
        return second.ServerSetupData.from_bytes(setup.expose())


def snake_enrols(server: Opaque[Any], setup: SecretBytes, password: str) -> tuple[SecretBytes, bytes]:
    client = opaque_snake.OpaqueClient()
    request, state = client.start_registration(password)
    response = opaque_snake.RegistrationResponse.from_bytes(server.respond(setup, request.to_bytes(), NAME))
    result = client.finish_registration(response, state, password)
    return server.password_file(result.upload.to_bytes()), result.export_key


def second_enrols(server: Opaque[Any], setup: SecretBytes, password: str) -> tuple[SecretBytes, bytes]:
    begun = second.client_registration_start(password.encode())
    response = server.respond(setup, bytes(begun.get_message()), NAME)
    done = second.client_registration_finish(password.encode(), bytes(begun.get_state()), response)
    return server.password_file(bytes(done.get_message())), bytes(done.get_export_key())


def snake_logs_in(server: Opaque[Any], setup: SecretBytes, password_file: SecretBytes, password: str) -> bytes:
    client = opaque_snake.OpaqueClient()
    request, state = client.start_login(password)
    begun = server.begin(setup, password_file, request.to_bytes(), NAME)
    result = client.finish_login(opaque_snake.CredentialResponse.from_bytes(begun.ke2), state, password)
    server.finish(begun.started, result.finalization.to_bytes())
    assert result.session_keys.export_key is not None
    return result.session_keys.export_key


def second_logs_in(server: Opaque[Any], setup: SecretBytes, password_file: SecretBytes, password: str) -> bytes:
    started = second.client_login_start(password.encode())
    begun = server.begin(setup, password_file, bytes(started.get_message()), NAME)
    done = second.client_login_finish(password.encode(), bytes(started.get_state()), begun.ke2)
    server.finish(begun.started, bytes(done.get_message()))
    return bytes(done.get_export_key())


LIBRARIES: list[Opaque[Any]] = [OpaqueSnake(), OpaqueKe()]
NAMES = ["opaque-snake", "opaque-ke-py"]


@pytest.mark.parametrize("enrolled_with", LIBRARIES, ids=NAMES)
@pytest.mark.parametrize("opened_with", LIBRARIES, ids=NAMES)
@pytest.mark.parametrize("enrol", [snake_enrols, second_enrols])
def test_a_record_of_one_library_opens_with_the_other(
    enrolled_with: Opaque[Any], opened_with: Opaque[Any], enrol: Any
) -> None:
    setup = enrolled_with.setup()
    assert len(setup) == 128
    password_file, export_key = enrol(enrolled_with, setup, "correct horse")
    assert len(password_file) == 192
    assert snake_logs_in(opened_with, setup, password_file, "correct horse") == export_key
    assert second_logs_in(opened_with, setup, password_file, "correct horse") == export_key
    for log_in in (snake_logs_in, second_logs_in):
        with pytest.raises(Exception, match=r"(?i)invalid|fail|auth"):
            log_in(opened_with, setup, password_file, "wrong horse")


@pytest.mark.parametrize("server", LIBRARIES, ids=NAMES)
def test_a_ke3_of_another_exchange_proves_nothing(server: Opaque[Any]) -> None:
    setup = server.setup()
    password_file, _ = snake_enrols(server, setup, "correct horse")
    client = opaque_snake.OpaqueClient()
    request, state = client.start_login("correct horse")
    first = server.begin(setup, password_file, request.to_bytes(), NAME)
    other = server.begin(setup, password_file, request.to_bytes(), NAME)
    result = client.finish_login(opaque_snake.CredentialResponse.from_bytes(first.ke2), state, "correct horse")
    ke3 = result.finalization.to_bytes()
    with pytest.raises(DoesNotHold):
        server.finish(other.started, ke3)
    for flipped in (bytes([ke3[0] ^ 1]) + ke3[1:], ke3[:-1] + bytes([ke3[-1] ^ 1])):
        begun = server.begin(setup, password_file, request.to_bytes(), NAME)
        with pytest.raises(DoesNotHold):
            server.finish(begun.started, flipped)
    server.finish(first.started, ke3)


def test_our_library_takes_a_ke3_once() -> None:
    server = OpaqueSnake()
    setup = server.setup()
    password_file, _ = snake_enrols(server, setup, "correct horse")
    client = opaque_snake.OpaqueClient()
    request, state = client.start_login("correct horse")
    begun = server.begin(setup, password_file, request.to_bytes(), NAME)
    result = client.finish_login(opaque_snake.CredentialResponse.from_bytes(begun.ke2), state, "correct horse")
    server.finish(begun.started, result.finalization.to_bytes())
    with pytest.raises(DoesNotHold):
        server.finish(begun.started, result.finalization.to_bytes())


@pytest.mark.parametrize("server", LIBRARIES, ids=NAMES)
@pytest.mark.parametrize("place", [0, 64], ids=["blinded element", "key share"])
def test_a_point_that_is_none_is_refused_before_anything_is_paid(server: Opaque[Any], place: int) -> None:
    request, _ = opaque_snake.OpaqueClient().start_login("x")
    ke1 = request.to_bytes()
    server.check_ke1(ke1)
    server.check_ke1(ke1[:32] + bytes(32) + ke1[64:])  # the nonce may be anything
    for nothing in (b"\xff" * 32, bytes(32)):  # no point at all, and the neutral element
        with pytest.raises(NotOpaque):
            server.check_ke1(ke1[:place] + nothing + ke1[place + 32 :])


# ---------------------------------------------------------------- the oracle


def vectors(file: str) -> list[tuple[str, dict[str, bytes]]]:
    """Each with its number; every value is hexadecimal."""
    read = json.loads((VECTORS / file).read_text())
    return [(number, {name: bytes.fromhex(value) for name, value in one.items()}) for number, one in read.items()]


def vector_numbers(file: str) -> list[str]:
    return [number for number, _ in vectors(file)]


@pytest.mark.parametrize(("number", "told"), vectors("rfc9497.json"), ids=vector_numbers("rfc9497.json"))
def test_the_oracle_agrees_with_rfc_9497(number: str, told: dict[str, bytes]) -> None:
    assert number.startswith("A.1.1")
    private, _ = oracle.derive_key_pair(told["seed"], told["info"])
    assert private == told["private_key"]
    assert oracle.blind(told["input"], told["blind"]) == told["blinded_element"]
    evaluated = oracle.evaluate(private, told["blinded_element"])
    assert evaluated == told["evaluation_element"]
    assert oracle.unblind(told["input"], told["blind"], evaluated) == told["output"]


@pytest.mark.parametrize(("number", "told"), vectors("rfc9807.json"), ids=vector_numbers("rfc9807.json"))
def test_the_oracle_agrees_with_rfc_9807(number: str, told: dict[str, bytes]) -> None:
    names = oracle.Identities(told.get("client_identity", b""), told.get("server_identity", b""))
    key = oracle.oprf_key(told["oprf_seed"], told["credential_identifier"])
    assert key == told["oprf_key"]
    request = oracle.blind(told["password"], told["blind_registration"])
    assert request == told["registration_request"]
    assert oracle.evaluate(key, request) + told["server_public_key"] == told["registration_response"]
    found = oracle.secrets_of(told["password"], key, told["envelope_nonce"], None)
    assert (found.randomized_password, found.export_key) == (told["randomized_password"], told["export_key"])
    upload = oracle.upload_of(found, told["envelope_nonce"], told["server_public_key"], names)
    assert upload == told["registration_upload"]
    ephemeral, share = oracle.derive_key_pair(told["client_keyshare_seed"], b"OPAQUE-DeriveDiffieHellmanKeyPair")
    ke1 = oracle.blind(told["password"], told["blind_login"]) + told["client_nonce"] + share
    assert ke1 == told["KE1"]
    done = oracle.log_in(found, ke1, told["KE2"], ephemeral, told["context"], names)
    assert (done.ke3, done.session_key) == (told["KE3"], told["session_key"])
    assert number in {"C.1.1", "C.1.2"}


@pytest.mark.parametrize("server", LIBRARIES, ids=NAMES)
def test_the_libraries_answer_a_registration_as_rfc_9807_says(server: Opaque[Any]) -> None:
    told = dict(vectors("rfc9807.json"))["C.1.1"]
    # The last part is a key pair of a record that nobody has; any valid one will do.
    setup = SecretBytes(told["oprf_seed"] + told["server_private_key"] + told["server_public_key"])
    name = told["credential_identifier"].decode()
    assert server.respond(setup, told["registration_request"], name) == told["registration_response"]
    assert server.password_file(told["registration_upload"]).expose() == told["registration_upload"]


@pytest.mark.parametrize("server", LIBRARIES, ids=NAMES)
def test_the_oracle_finds_the_export_key_of_a_record(server: Opaque[Any]) -> None:
    setup = server.setup()
    password_file, export_key = snake_enrols(server, setup, "Käse ist 👍")
    found = oracle.open_record(setup.expose(), password_file.expose(), NAME.encode(), "Käse ist 👍".encode(), COSTS)
    assert found.export_key == export_key
    with pytest.raises(ValueError, match="another password"):
        oracle.open_record(setup.expose(), password_file.expose(), NAME.encode(), b"another", COSTS)


@pytest.mark.django_db(databases=["vault", "default"], transaction=True)
def test_what_the_vault_keeps_opens_with_the_second_library_and_for_the_oracle() -> None:
    alice = VaultClient()
    record = alice.enrol("correct horse")
    row = VaultRecord.objects.get()
    spent = ledger().spend(account=alice.account, record=record, pending=False)
    assert spent is not None
    opened = unseal(spent.key, Place(alice.account, record, bytes(row.parameters)), bytes(row.sealed))
    name = credential_identifier(alice.account, record)
    client = opaque_snake.OpaqueClient()
    request, state = client.start_login("correct horse")
    begun = OpaqueKe().begin(opened.setup, opened.password_file, request.to_bytes(), name)
    result = client.finish_login(opaque_snake.CredentialResponse.from_bytes(begun.ke2), state, "correct horse")
    OpaqueKe().finish(begun.started, result.finalization.to_bytes())
    found = oracle.open_record(
        opened.setup.expose(), opened.password_file.expose(), name.encode(), b"correct horse", COSTS
    )
    assert found.export_key == result.session_keys.export_key
    assert opened.slot == alice.slot
