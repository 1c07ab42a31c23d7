"""Addresses, handed to the contexts."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

from backupweb import pages
from backupweb.api import api

handler400 = pages.bad_request
handler403 = pages.not_allowed
handler404 = pages.not_found
handler429 = pages.too_many  # allauth's own name
handler500 = pages.fault

urlpatterns = [
    path("", pages.landing, name="landing"),
    path("try/", pages.try_it, name="try"),
    path("app/", pages.app, name="app"),
    path("app/settings/", pages.settings, name="settings"),
    path("", include("backupweb.accounts.urls")),
    path("", include("backupweb.ops.urls")),
    path("accounts/", include("allauth.urls")),
    path("_allauth/", include("allauth.headless.urls")),
    path("api/", api.urls),
    path("admin/", admin.site.urls),
]
