"""WebSocket addresses, handed to the contexts."""

from backupweb.backups.routing import websocket_urlpatterns as backups

websocket_urlpatterns = [*backups]
