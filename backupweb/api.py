"""The API as one: rooms hand in their routers, every address takes a session and answers errors in one shape."""

from __future__ import annotations

from typing import Any

from ninja import NinjaAPI

from backupweb.accounts.api import router as accounts
from backupweb.accounts.http import SessionAuth
from backupweb.backups.api import router as backups
from backupweb.keyring.api import router as keyring
from backupweb.lib.http import translate_errors
from backupweb.pairing.api import router as pairing
from backupweb.rotation.api import router as rotation
from backupweb.speech.api import router as speech
from backupweb.vault.api import router as vault

_ANY_CALL = {
    401: "nobody is signed in",
    422: "body or address do not have the described form",
    429: "too many requests; `params.seconds` tells for how long",
    500: "our fault",
    503: "something this call needs does not answer just now",
}
_CHANGES = {
    400: "the body holds key material that must stay in the browser",
    403: "the request did not come from one of our own pages",
    413: "the body is too large",
}


class Described(NinjaAPI):
    """Describes each call's refusals, those too that are made before or after the call's own function."""

    def get_openapi_schema(self, **kwargs: Any) -> Any:
        schema = super().get_openapi_schema(**kwargs)
        for operations in schema["paths"].values():
            for method, operation in operations.items():
                refusals = _ANY_CALL if method == "get" else _ANY_CALL | _CHANGES
                for status, why in refusals.items():
                    operation["responses"].setdefault(status, {"description": why, "content": _ERROR})
        return schema


_ERROR = {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorAnswer"}}}

api = Described(
    title="Backupweb",
    version="1",
    description="What the browser and the Python client ask of the server. It keeps what it cannot read.",
    docs_url=None,  # a page of scripts from elsewhere
    openapi_url="/openapi.json",
    auth=SessionAuth(),
    urls_namespace="api",
)
translate_errors(api)
for router in (accounts, keyring, rotation, backups, vault, pairing, speech):
    api.add_router("", router)
