"""The way past this site: browser and S3 store move sealed bytes between themselves.

[No store is believed] Not every store holds an upload to the length and the hash that were signed. So nothing is signed
for uploads before `enforces` has seen this very store refuse a wrong length and wrong bytes, and tell the hash that it
checked (docs/decisions/0009-direct-transfer.md).
"""

from __future__ import annotations

import functools
import hashlib
import logging
import secrets
import threading
import time
from typing import Any

import urllib3
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from urllib3.exceptions import HTTPError

from backupweb.lib import objectstore
from backupweb.lib.objectstore.errors import StoreUnavailable
from backupweb.lib.objectstore.s3 import S3Store
from backupweb.lib.objectstore.signing import Signed, checksum, place_of, signed_get, signed_put

_ASKED_AGAIN_AFTER = 5 * 60
_MISSING = {"404", "NoSuchKey", "NotFound"}
_GOOD = range(200, 300)

logger = logging.getLogger(__name__)


class Direct:
    """An S3 store as it is seen at `endpoint`."""

    def __init__(self, store: S3Store, endpoint: str | None) -> None:
        self._store = store
        self._client: Any = store.client(endpoint)
        self._lock = threading.Lock()
        self._enforces = False
        self._asked = float("-inf")

    def put(self, name: str, *, size: int, sha256: str) -> Signed:
        """An address for exactly these bytes."""
        return signed_put(self._store, self._client, name, size=size, sha256=sha256)

    def get(self, name: str) -> str:
        """An address to read from, in ranges or whole."""
        return signed_get(self._store, self._client, name)

    def confirms(self, name: str, *, size: int, sha256: str) -> bool:
        """Whether the store has exactly these bytes: length and hash as the store itself took and checked them."""
        try:
            told = self._store.client(None).head_object(**place_of(self._store, name), ChecksumMode="ENABLED")
        except ClientError as error:
            if error.response["Error"]["Code"] in _MISSING:
                return False
            raise StoreUnavailable("refused", error.response["Error"]["Code"]) from error
        except BotoCoreError as error:
            raise StoreUnavailable("busy", type(error).__name__) from error
        return (told["ContentLength"], told.get("ChecksumSHA256")) == (size, checksum(sha256))

    def enforces(self) -> bool:
        """Whether this store holds uploads to what was signed. One that did not is asked again after a while."""
        with self._lock:
            now = time.monotonic()
            if not self._enforces and now - self._asked >= _ASKED_AGAIN_AFTER:
                self._asked = now
                try:
                    self._enforces = self._holds_to_the_signature()
                except (BotoCoreError, ClientError, HTTPError, StoreUnavailable):
                    logger.warning("the store could not be tried for direct transfer", exc_info=True)
                else:
                    if not self._enforces:
                        logger.warning("the store takes other bytes than were signed: uploads go through this site")
            return self._enforces

    def _holds_to_the_signature(self) -> bool:
        content = secrets.token_bytes(4096)
        # By the store's inner address: the public one need not be reachable from here.
        inner = Direct(self._store, None)
        refused = all(not inner.tries(content, sent) for sent in (bytes(4096), content + b"x", content[:-1]))
        return refused and inner.tries(content, content)

    def tries(self, signed: bytes, sent: bytes) -> bool:
        """Signs some bytes, sends others: whether anything was kept, and confirmed where it is what was signed."""
        name, sha256 = objectstore.new_name(), hashlib.sha256(signed).hexdigest()
        try:
            with urllib3.PoolManager(timeout=20, retries=False) as pool:
                _put(pool, self.put(name, size=len(signed), sha256=sha256), sent)
            if signed == sent:
                return self.confirms(name, size=len(signed), sha256=sha256)
            return self._store.size(name) is not None
        finally:
            self._store.delete(name)

    # ------------------------------------------------------------ other origins

    def set_cors(self, origin: str) -> None:
        """Lets pages of `origin`, and of no other site, put and get."""
        rule = {
            "AllowedOrigins": [origin],
            "AllowedMethods": ["GET", "PUT"],
            "AllowedHeaders": ["content-type", "range", "x-amz-checksum-sha256"],
            "MaxAgeSeconds": 3600,
        }
        self._store.client(None).put_bucket_cors(Bucket=self._store.bucket, CORSConfiguration={"CORSRules": [rule]})

    def trouble(self, origin: str) -> list[str]:
        """What stands in the way, by its code; `origin` is where our pages are. Asks by the public address."""
        if not self.enforces():
            return ["direct.not_enforced"]
        content, name = secrets.token_bytes(4096), objectstore.new_name()
        signed = self.put(name, size=len(content), sha256=hashlib.sha256(content).hexdigest())
        try:
            with urllib3.PoolManager(timeout=20, retries=False) as pool:
                found = set() if _allows(pool, signed, origin) else {"direct.cors"}
                if _allows(pool, signed, f"https://{secrets.token_hex(8)}.example"):
                    found.add("direct.cors_too_wide")
                if _put(pool, signed, content, Origin=origin) not in _GOOD:
                    return sorted(found | {"direct.put"})
                answer = pool.request("GET", self.get(name), headers={"Range": "bytes=10-19", "Origin": origin})
                if answer.data != content[10:20]:
                    found.add("direct.get")
                elif answer.headers.get("Access-Control-Allow-Origin") not in {origin, "*"}:
                    found.add("direct.cors")
                return sorted(found)
        except HTTPError:
            return ["direct.unreachable"]
        finally:
            self._store.delete(name)


def _put(pool: urllib3.PoolManager, signed: Signed, content: bytes, **headers: str) -> int:
    return pool.request("PUT", signed.url, body=content, headers={**signed.headers, **headers}).status


def _allows(pool: urllib3.PoolManager, signed: Signed, origin: str) -> bool:
    asked = {
        "Origin": origin,
        "Access-Control-Request-Method": "PUT",
        "Access-Control-Request-Headers": ",".join(sorted(name.lower() for name in signed.headers)),
    }
    answer = pool.request("OPTIONS", signed.url, headers=asked)
    allowed = answer.headers.get("Access-Control-Allow-Headers", "").lower()
    return (
        answer.status in _GOOD
        and answer.headers.get("Access-Control-Allow-Origin") in {origin, "*"}
        and (allowed == "*" or "x-amz-checksum-sha256" in allowed)
    )


def open_direct() -> Direct | None:
    """The store's direct door; None where bytes go another way, by the settings."""
    if settings.BACKUPWEB_STORE_PUBLIC is None:
        return None
    store = objectstore.open_store()
    # While the store is being moved, what is read may lie in the other one: then everything goes through this site.
    return _open(store, settings.BACKUPWEB_STORE_PUBLIC) if isinstance(store, S3Store) else None


def direct_transfer_trouble() -> list[str]:
    """What stands in the way of direct transfer, by its code; nothing where it is not configured."""
    direct = open_direct()
    return [] if direct is None else direct.trouble(settings.BACKUPWEB_URL)


def set_cors() -> None:
    """Lets this site's pages, and no others, use the store."""
    direct = open_direct()
    if direct is not None:
        direct.set_cors(settings.BACKUPWEB_URL)


@functools.lru_cache(maxsize=8)
def _open(store: S3Store, public: str) -> Direct:
    return Direct(store, public)
