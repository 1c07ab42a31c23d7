"""The same where Python runs in a browser, for which nobody builds `cryptography`: by @noble, handed in by the page."""

from backupweb_noble import hkdf, open_gcm, seal_gcm  # type: ignore[import-not-found]  # JavaScript's
from pyodide.ffi import to_js  # type: ignore[import-not-found]  # the browser's Python has it


def seal(key: bytes, nonce: bytes, plaintext: bytes, associated: bytes) -> bytes:
    sealed: bytes = seal_gcm(to_js(key), to_js(nonce), to_js(plaintext), to_js(associated)).to_bytes()
    return sealed


def opened(key: bytes, nonce: bytes, sealed: bytes, associated: bytes) -> bytes | None:
    """None: the tag does not fit."""
    plaintext = open_gcm(to_js(key), to_js(nonce), to_js(sealed), to_js(associated))
    return None if plaintext is None else bytes(plaintext.to_bytes())


def derived(ikm: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    key: bytes = hkdf(to_js(ikm), to_js(salt), to_js(info), length).to_bytes()
    return key
