"""WebSocket addresses of the vault."""

from django.urls import path

from backupweb.vault.consumers import VaultConsumer

websocket_urlpatterns = [path("ws/vault", VaultConsumer.as_asgi())]
