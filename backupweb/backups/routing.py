"""WebSocket addresses of the backups."""

from django.urls import path

from backupweb.backups.consumers import EventsConsumer

websocket_urlpatterns = [path("ws/events", EventsConsumer.as_asgi())]
