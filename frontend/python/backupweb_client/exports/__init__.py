"""Exports on disk: zips are opened on the way in and made again on the way out."""
