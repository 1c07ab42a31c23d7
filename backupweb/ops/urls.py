"""Addresses for supervisors, and of the list of security events."""

from django.urls import path

from backupweb.ops import views

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("metrics", views.metrics, name="metrics"),
    path("accounts/activity/", views.activity, name="activity"),
    path("accounts/data/", views.data, name="account_data"),
    path("accounts/data/backupweb-data.zip", views.data_file, name="account_data_file"),
    path("accounts/data/reminders/", views.reminders, name="account_reminders"),
    path("accounts/activity/backupweb-activity.csv", views.activity_file, name="activity_file"),
]
