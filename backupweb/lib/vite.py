"""The manifest of the browser's build, read again when a rebuild changed it: for development only."""

from __future__ import annotations

from django_vite.core.asset_loader import DjangoViteAppClient, ManifestClient, ManifestEntry


class FreshManifest(ManifestClient):
    """Looks at the file's time before each answer, so that a rebuild needs no restart."""

    _read_at = 0.0

    def get(self, path: str) -> ManifestEntry:
        try:
            changed = self.manifest_path.stat().st_mtime
        except FileNotFoundError:  # between two builds: what was read before still stands
            changed = self._read_at
        if changed != self._read_at:
            self._entries, self.legacy_polyfills_entry = self._parse_manifest()
            self._read_at = changed
        return super().get(path)


class FreshAssets(DjangoViteAppClient):
    """django-vite's client over the fresh manifest."""

    ManifestClient = FreshManifest
