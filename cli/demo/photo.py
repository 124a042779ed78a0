"""A photo for the demo's customers: a pack with a torn zip, drawn rather than taken."""

import struct
import zlib

_WIDTH, _HEIGHT = 320, 240
_WALL, _CLOTH, _ZIP, _HOLE = b"\xd9\xd4\xc8", b"\x2f\x5d\x50", b"\xb8\xbd\xc2", b"\x17\x21\x1f"


def torn_zip() -> bytes:
    """A picture in PNG (W3C, Portable Network Graphics, section 5)."""
    rows = b"".join(b"\0" + b"".join(_colour(x, y) for x in range(_WIDTH)) for y in range(_HEIGHT))
    header = struct.pack(">IIBBBBB", _WIDTH, _HEIGHT, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*chunk) for chunk in chunks)


def _colour(x: int, y: int) -> bytes:
    if not (60 <= x < 260 and 20 <= y < 225):
        return _WALL
    gap = max(0, 26 - abs(x - 160) // 2)  # the zip gapes in the middle
    if abs(y - 110) < gap:
        return _HOLE
    return _ZIP if abs(y - 110) < gap + 4 and x // 4 % 2 else _CLOTH


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
