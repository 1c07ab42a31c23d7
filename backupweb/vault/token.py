"""KEKs in a PKCS#11 token: they are made there, and never leave it."""

from __future__ import annotations

import os
import re
import secrets
import threading
from collections.abc import Callable
from typing import Any, TypeVar

import pkcs11
from pkcs11 import Attribute, GCMParams, KeyType, Mechanism, ObjectClass

from backupweb.lib.secret import SecretBytes
from backupweb.vault.errors import VaultUnavailable
from backupweb.vault.kek import KEY, NONCE, TAG, VERSION, KeyGone, parts

_LABEL = re.compile(r"backupweb-kek-([1-9][0-9]{0,17})")
Done = TypeVar("Done")

_tokens: dict[tuple[str, str], TokenKeks] = {}
_tokens_lock = threading.Lock()


def token_keks(library: str, token: str, pin: SecretBytes) -> TokenKeks:
    """The same one whenever it is asked for."""
    with _tokens_lock:
        return _tokens.setdefault((library, token), TokenKeks(library, token, pin))


class TokenKeks:
    """`backupweb-kek-<epoch>`: AES-256, sensitive, never extractable.

    [One call at a time] Token libraries crash when threads call them at once, so every call stands behind one lock per
    process. The session belongs to the process that opened it: a forked child begins anew.
    """

    def __init__(self, library: str, token: str, pin: SecretBytes) -> None:
        self._library, self._label, self._pin = library, token, pin
        self._process = os.getpid()
        self._session: Any = None
        self._keys: dict[int, Any] = {}

    def epochs(self) -> set[int]:
        return self._alone(self._list)

    def make(self, epoch: int) -> None:
        self._alone(lambda: self._generate(epoch))

    def wrap(self, epoch: int, key: SecretBytes, bound_to: bytes) -> bytes:
        nonce = secrets.token_bytes(NONCE)
        return VERSION + nonce + self._alone(lambda: self._seal(epoch, nonce, key.expose(), bound_to))

    def unwrap(self, epoch: int, wrapped: bytes, bound_to: bytes) -> SecretBytes:
        nonce, sealed = parts(wrapped)
        return SecretBytes(self._alone(lambda: self._open(epoch, nonce, sealed, bound_to)))

    def destroy(self, epoch: int) -> None:
        self._alone(lambda: self._destroy(epoch))

    def _alone(self, work: Callable[[], Done]) -> Done:
        with _one_call:
            try:
                return work()
            except (pkcs11.PKCS11Error, OSError) as error:
                self._session, self._keys = None, {}
                raise VaultUnavailable from error

    # -------- from here on, the lock is held

    def _opened(self) -> Any:
        if self._process != os.getpid():
            pkcs11.lib(self._library).reinitialize()
            self._process, self._session, self._keys = os.getpid(), None, {}
        if self._session is None:
            token = pkcs11.lib(self._library).get_token(token_label=self._label)
            try:
                self._session = token.open(rw=True, user_pin=self._pin.expose().decode())
            except pkcs11.UserAlreadyLoggedIn:  # a login is the process's, and outlives a session that failed
                self._session = token.open(rw=True)
        return self._session

    def _key(self, epoch: int) -> Any:
        session = self._opened()
        if epoch not in self._keys:
            try:
                self._keys[epoch] = session.get_key(key_type=KeyType.AES, label=f"backupweb-kek-{epoch}")
            except pkcs11.NoSuchKey as error:
                raise KeyGone from error
        return self._keys[epoch]

    def _list(self) -> set[int]:
        keys = self._opened().get_objects({Attribute.CLASS: ObjectClass.SECRET_KEY})
        return {int(found[1]) for key in keys if (found := _LABEL.fullmatch(str(key.label)))}

    def _generate(self, epoch: int) -> None:
        only = {Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False, Attribute.WRAP: False, Attribute.UNWRAP: False}
        uses = {Attribute.ENCRYPT: True, Attribute.DECRYPT: True}
        label = f"backupweb-kek-{epoch}"
        self._opened().generate_key(KeyType.AES, 8 * KEY, label=label, store=True, template={**only, **uses})

    def _seal(self, epoch: int, nonce: bytes, content: bytes, bound_to: bytes) -> bytes:
        way = {"mechanism": Mechanism.AES_GCM, "mechanism_param": GCMParams(nonce, bound_to, 8 * TAG)}
        return bytes(self._with_key(epoch, lambda key: key.encrypt(content, **way)))

    def _open(self, epoch: int, nonce: bytes, sealed: bytes, bound_to: bytes) -> bytes:
        way = {"mechanism": Mechanism.AES_GCM, "mechanism_param": GCMParams(nonce, bound_to, 8 * TAG)}
        try:
            return bytes(self._with_key(epoch, lambda key: key.decrypt(sealed, **way)))
        except (pkcs11.GeneralError, pkcs11.EncryptedDataInvalid, pkcs11.FunctionFailed) as error:
            # A wrong tag and a token in trouble say the same; one that opens what it just sealed is in no trouble.
            self._probe(epoch)
            raise KeyGone from error

    def _probe(self, epoch: int) -> None:
        way = {
            "mechanism": Mechanism.AES_GCM,
            "mechanism_param": GCMParams(secrets.token_bytes(NONCE), b"probe", 8 * TAG),
        }
        self._with_key(epoch, lambda key: key.decrypt(key.encrypt(b"probe", **way), **way))

    def _with_key(self, epoch: int, work: Callable[[Any], Done]) -> Done:
        try:
            return work(self._key(epoch))
        except (pkcs11.KeyHandleInvalid, pkcs11.ObjectHandleInvalid):
            # Another process destroyed it after this one had looked it up.
            del self._keys[epoch]
            return work(self._key(epoch))

    def _destroy(self, epoch: int) -> None:
        try:
            self._with_key(epoch, lambda key: key.destroy())
        except KeyGone:
            return
        self._keys.pop(epoch, None)


_one_call = threading.Lock()


def _unlock() -> None:
    # A forked child must not wait for a thread that only its parent has.
    global _one_call  # noqa: PLW0603
    _one_call = threading.Lock()


os.register_at_fork(after_in_child=_unlock)
