"""WebSocket addresses of pairing."""

from django.urls import re_path

from backupweb.pairing.consumers import PairingConsumer

websocket_urlpatterns = [re_path(r"^ws/pairing/(?P<mailbox>[0-9a-f]{32})$", PairingConsumer.as_asgi())]
