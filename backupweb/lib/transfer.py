"""Which way sealed bytes take, as the settings say it: fit for the store, or the start is refused."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from django.core.exceptions import ImproperlyConfigured

from backupweb.lib.env import Environment

PROXY, DIRECT, NGINX = "proxy", "direct", "nginx"
_FITTING = {DIRECT: "s3", NGINX: "file"}


def public_origin(environment: Environment, transfer: str, store: str) -> str | None:
    """The store's origin as browsers see it; None when browsers never see it."""
    parts = urlsplit(store)
    if transfer in _FITTING and parts.scheme != _FITTING[transfer]:
        raise ImproperlyConfigured(f"BACKUPWEB_TRANSFER={transfer} needs a store of the kind {_FITTING[transfer]}://")
    named = environment.optional("BACKUPWEB_STORE_PUBLIC")
    if transfer != DIRECT:
        if named is not None:
            raise ImproperlyConfigured("BACKUPWEB_STORE_PUBLIC is for BACKUPWEB_TRANSFER=direct only")
        return None
    query = parse_qs(parts.query)
    [region] = query.get("region", ["us-east-1"])
    [endpoint] = query.get("endpoint", [f"https://s3.{region}.amazonaws.com"])
    return environment.origin("BACKUPWEB_STORE_PUBLIC", endpoint)
