"""WebSocket addresses, handed to the contexts."""

from backupweb.accounts.routing import websocket_urlpatterns as accounts

websocket_urlpatterns = [*accounts]
