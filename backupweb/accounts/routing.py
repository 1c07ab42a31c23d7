"""WebSocket addresses of the accounts."""

from django.urls import path

from backupweb.accounts.consumers import EventsConsumer

websocket_urlpatterns = [path("ws/events", EventsConsumer.as_asgi())]
