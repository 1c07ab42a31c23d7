"""What kind of content a name promises; hints for readers, so a small table of our own that is alike everywhere."""

import mimetypes

_TYPES = mimetypes.MimeTypes(filenames=())
for _ending, _type in (
    (".opus", "audio/ogg"),
    (".m4a", "audio/mp4"),
    (".3gp", "video/3gpp"),
    (".webp", "image/webp"),
    (".heic", "image/heic"),
    (".vcf", "text/vcard"),
    (".md", "text/markdown"),
    (".sqlite", "application/vnd.sqlite3"),
    (".db", "application/vnd.sqlite3"),
):
    _TYPES.add_type(_type, _ending)

UNKNOWN = "application/octet-stream"


def content_type(name: str) -> str:
    ending = name[name.rfind(".") :].lower() if "." in name else ""
    return _TYPES.types_map[True].get(ending, UNKNOWN)
