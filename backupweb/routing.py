"""WebSocket addresses, handed to the contexts."""

from backupweb.accounts.routing import websocket_urlpatterns as accounts
from backupweb.pairing.routing import websocket_urlpatterns as pairing
from backupweb.vault.routing import websocket_urlpatterns as vault

websocket_urlpatterns = [*accounts, *vault, *pairing]
