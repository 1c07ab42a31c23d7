"""Addresses for supervisors."""

from django.urls import path

from backupweb.ops import views

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]
