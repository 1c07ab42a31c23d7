"""Who runs this site, for pages and letters: imprint, privacy policy, and whom to ask; empty where nothing is set."""

from __future__ import annotations

from dataclasses import dataclass

from django import template
from django.conf import settings

register = template.Library()


@dataclass(frozen=True)
class Operator:
    """Addresses."""

    imprint: str
    privacy: str
    contact: str

    @property
    def contact_link(self) -> str:
        """The contact, to be followed."""
        return f"mailto:{self.contact}" if "@" in self.contact and "/" not in self.contact else self.contact

    def __bool__(self) -> bool:
        return bool(self.imprint or self.privacy or self.contact)


@register.simple_tag
def operator() -> Operator:
    """`{% operator as operator %}`."""
    return Operator(settings.BACKUPWEB_IMPRINT_URL, settings.BACKUPWEB_PRIVACY_URL, settings.BACKUPWEB_CONTACT)
