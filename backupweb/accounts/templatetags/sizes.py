"""Numbers of bytes on pages."""

from django import template

from backupweb.lib import sizes

register = template.Library()
register.filter("in_words", sizes.in_words)
