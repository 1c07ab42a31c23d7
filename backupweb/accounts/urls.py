"""Addresses of the accounts that are not allauth's."""

from django.urls import path

from backupweb.accounts import views

urlpatterns = [
    path("invitation/<str:token>/", views.invitation, name="invitation"),
    path("accounts/sessions/<int:number>/end/", views.session_end, name="session_end"),
    path("accounts/delete/", views.delete, name="account_delete"),
    path("accounts/delete/keep/", views.keep, name="account_keep"),
    path("i18n/setlang/", views.language, name="set_language"),
]
