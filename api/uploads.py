"""A message as a form with files (RFC 7578): the part `message` holds the JSON, each part `attachments` a file."""

from collections.abc import Sequence
from typing import NamedTuple

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from api.problems import FieldError, Problem, invalid
from domain.attachments import MAX_FILE_BYTES, MAX_FILES, UNKNOWN, media_type_of
from domain.message import Attachment
from integrations.channels.email.text import clean_line

_MAX_JSON = 1_000_000
_PARTS = {"message", "attachments"}

AS_FORM = {
    "requestBody": {
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "message": {"type": "object", "description": "As in JSON; `text` may be left out."},
                        "attachments": {
                            "type": "array",
                            "items": {"type": "string", "format": "binary"},
                            "maxItems": MAX_FILES,
                            "description": f"PNG, JPEG, WebP, GIF or PDF, {MAX_FILE_BYTES} bytes each at most.",
                        },
                    },
                    "additionalProperties": False,
                },
                "encoding": {"message": {"contentType": "application/json"}},
            }
        }
    }
}
"""What the route's documentation says of the form."""


class Uploaded(NamedTuple):
    """What a form brought; without the part `message` its JSON is an empty object."""

    message: bytes
    files: tuple[Attachment, ...]


async def read_upload(request: Request) -> Uploaded:
    """The form of a request, its files checked by their content.

    Raises a `Problem`: 400 no form, 413 a file is too large, 422 a part or a file is none that may be sent.
    """
    try:
        async with request.form(max_part_size=_MAX_JSON) as form:
            _only_known(form)
            return Uploaded(await _message(form.getlist("message")), await _files(form.getlist("attachments")))
    except Problem:
        raise
    except HTTPException:
        raise Problem(400, "The body is no multipart form (RFC 7578).") from None


def _only_known(form: FormData) -> None:
    for name in form:
        if name not in _PARTS:
            raise invalid(name[:200], "unknown field")


async def _message(parts: Sequence[str | UploadFile]) -> bytes:
    if len(parts) > 1:
        raise invalid("message", "must come once")
    part = parts[0] if parts else "{}"
    return await part.read() if isinstance(part, UploadFile) else part.encode()


async def _files(parts: Sequence[str | UploadFile]) -> tuple[Attachment, ...]:
    if len(parts) > MAX_FILES:
        raise invalid("attachments", f"a message may have {MAX_FILES} files")
    return tuple([await _file(f"attachments.{place}", part) for place, part in enumerate(parts)])


async def _file(field: str, part: str | UploadFile) -> Attachment:
    if isinstance(part, str):
        raise invalid(field, "must be a file, with a name")
    if (part.size or 0) > MAX_FILE_BYTES:
        raise too_large(field)
    content = await part.read()
    media_type = media_type_of(content)
    if media_type == UNKNOWN:
        raise invalid(field, "must be a picture (PNG, JPEG, WebP, GIF) or a PDF; its content tells, not its name")
    return Attachment(filename=_name(part), media_type=media_type, size=len(content), content=content)


def too_large(field: str) -> Problem:
    """413 about one field."""
    error = FieldError(field=field, message=f"a file may have {MAX_FILE_BYTES} bytes")
    return Problem(413, "A file is too large.", errors=[error])


def _name(part: UploadFile) -> str:
    """The file's own name: some clients send a whole path."""
    own = (part.filename or "").replace("\\", "/").rsplit("/", 1)[-1]
    return clean_line(own, 200) or "unnamed"
