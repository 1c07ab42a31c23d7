"""What a device is called on the list of sessions: its browser and its system, as far as it tells."""

from django import template
from ua_parser import parse

register = template.Library()


@register.filter
def device_name(user_agent: str) -> str:
    """`Firefox, Linux`; what says neither is shown as it came."""
    told = parse(user_agent)
    parts = [part.family for part in (told.user_agent, told.os) if part is not None]
    return ", ".join(parts) or user_agent
