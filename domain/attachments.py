"""Which files a customer may send, and what a file is by its own first bytes, whatever its sender calls it."""

MAX_FILES = 4
"""Files of one message."""
MAX_FILE_BYTES = 5_000_000

UNKNOWN = "application/octet-stream"
"""A file of which nothing is known: bytes to save, never to show."""

PDF = "application/pdf"
PICTURES = frozenset({"image/png", "image/jpeg", "image/webp", "image/gif"})
"""What a browser shows as a picture and cannot run. SVG is not among them: it is a document that may hold scripts."""

# WHATWG, MIME Sniffing, sections 6.1 (images) and 7.1 (PDF).
_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", PDF),
)


def media_type_of(content: bytes) -> str:
    """The media type that the first bytes tell, `UNKNOWN` for all that a customer's page may not send."""
    if content[:4] == b"RIFF" and content[8:14] == b"WEBPVP":
        return "image/webp"
    return next((name for signature, name in _SIGNATURES if content.startswith(signature)), UNKNOWN)
