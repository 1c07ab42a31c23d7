"""Formats of dates where Django's are ambiguous."""
