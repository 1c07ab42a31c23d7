"""A secret shows itself to nobody who does not ask for it."""

from __future__ import annotations

import copy
import pickle
import threading
from pathlib import Path

import pytest

from backupweb.lib.keyfile import development_key
from backupweb.lib.secret import SecretBytes


def test_a_secret_is_printed_as_hidden() -> None:
    secret = SecretBytes(b"hush")
    assert "hush" not in f"{secret} {secret!r} {[secret]} {vars(type(secret))}"
    assert secret.expose() == b"hush"
    assert len(secret) == 4


def test_a_secret_is_compared_but_neither_hashed_nor_copied_out() -> None:
    assert SecretBytes(b"a") == SecretBytes(b"a")
    assert SecretBytes(b"a") != SecretBytes(b"b")
    assert SecretBytes(b"a") != b"a"
    with pytest.raises(TypeError):
        hash(SecretBytes(b"a"))
    for out in (pickle.dumps, copy.deepcopy):
        with pytest.raises(TypeError):
            out(SecretBytes(b"a"))


def test_the_development_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "secret-key"
    keys: list[bytes] = []
    threads = [threading.Thread(target=lambda: keys.append(development_key(path).expose())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(keys)) == 1
    assert len(keys[0]) >= 60
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]
