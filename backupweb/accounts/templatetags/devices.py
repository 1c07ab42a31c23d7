"""What a device is called on the list of sessions."""

from allauth.usersessions.models import UserSession
from django import template

from backupweb.accounts.sessions import described, name_of

register = template.Library()


@register.filter
def device_name(session: UserSession | str) -> str:
    """The name that the person gave it, else `Firefox, Linux`; of a user agent alone the latter."""
    return described(session) if isinstance(session, str) else name_of(session)
