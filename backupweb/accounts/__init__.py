"""Who someone is; sign-in itself is django-allauth's."""
