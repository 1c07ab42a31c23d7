"""The API as one: rooms hand in their routers, every address takes a session and answers errors in one shape."""

from __future__ import annotations

from ninja import NinjaAPI

from backupweb.accounts.api import router as accounts
from backupweb.accounts.http import SessionAuth
from backupweb.backups.api import router as backups
from backupweb.keyring.api import router as keyring
from backupweb.lib.http import translate_errors
from backupweb.pairing.api import router as pairing
from backupweb.vault.api import router as vault

api = NinjaAPI(
    title="Backupweb",
    version="1",
    description="What the browser and the Python client ask of the server. It keeps what it cannot read.",
    docs_url=None,  # a page of scripts from elsewhere
    openapi_url="/openapi.json",
    auth=SessionAuth(),
    urls_namespace="api",
)
translate_errors(api)
for router in (accounts, keyring, backups, vault, pairing):
    api.add_router("", router)
