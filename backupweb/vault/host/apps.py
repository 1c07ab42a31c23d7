"""Names the host to Django."""

from django.apps import AppConfig


class VaultHostConfig(AppConfig):
    name = "backupweb.vault.host"
    label = "vault_host"
