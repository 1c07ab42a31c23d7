"""Addresses, handed to the contexts."""

from __future__ import annotations

from django.contrib import admin
from django.http import Http404
from django.urls import include, path, re_path

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
    path("offline/backupweb-open.html", pages.offline, name="offline_page"),
    path("app/settings/", pages.settings, name="settings"),
    path("", include("backupweb.accounts.urls")),
    path("", include("backupweb.ops.urls")),
    path("accounts/", include("allauth.urls")),
    # Nobody has a telephone number here: allauth's own calls for them would end in a fault.
    re_path(r"^_allauth/browser/v1/(?:account|auth)/phone", pages.not_found, {"exception": Http404()}),
    path("_allauth/", include("allauth.headless.urls")),
    path("api/", api.urls),
    path("admin/", admin.site.urls),
]
