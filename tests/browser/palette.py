"""Small PNGs: at most 256 colours, all that a page of flat colours needs (PNG specification, 11.2.2 and 11.2.3)."""

import base64
import struct
import zlib

import numpy as np
from playwright.async_api import Page

_COLOURS = 256
_CHUNK = 4096
_PIXELS = """async (data) => {
  const picture = await createImageBitmap(await (await fetch(`data:image/png;base64,${data}`)).blob());
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  const context = canvas.getContext("2d");
  context.drawImage(picture, 0, 0);
  const bytes = context.getImageData(0, 0, picture.width, picture.height).data;
  let text = "";
  for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768));
  return [picture.width, picture.height, btoa(text)];
}"""


async def made_small(png: bytes, decoder: Page) -> bytes:
    """The picture with a palette. `decoder` is an empty page, whose browser reads the pixels."""
    width, height, pixels = await decoder.evaluate(_PIXELS, base64.b64encode(png).decode())
    colours = np.frombuffer(base64.b64decode(pixels), np.uint8).reshape(height * width, 4)[:, :3]
    palette, indices = _reduced(colours)
    return _encoded(width, height, palette, indices)


def _reduced(colours: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The most frequent colours, and for each pixel the nearest of them."""
    unique, places, counts = np.unique(colours, axis=0, return_inverse=True, return_counts=True)
    palette = unique[np.argsort(-counts, kind="stable")[:_COLOURS]]
    nearest = np.empty(len(unique), np.uint8)
    for start in range(0, len(unique), _CHUNK):
        some = unique[start : start + _CHUNK].astype(np.int32)
        distance = ((some[:, None, :] - palette[None, :, :].astype(np.int32)) ** 2).sum(axis=2)
        nearest[start : start + _CHUNK] = distance.argmin(axis=1)
    return palette, nearest[places.reshape(-1)]


def _encoded(width: int, height: int, palette: np.ndarray, indices: np.ndarray) -> bytes:
    rows = np.hstack([np.zeros((height, 1), np.uint8), indices.reshape(height, width)])  # each row begins: no filter
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    chunks = (
        (b"IHDR", header),
        (b"PLTE", palette.tobytes()),
        (b"IDAT", zlib.compress(rows.tobytes(), 9)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
