"""Forms as browsers send them: UTF-8, and nothing guessed where they are not."""

from urllib.parse import unquote_to_bytes

from fastapi import Request
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException


async def read_form(request: Request, max_fields: int, max_files: int = 0) -> FormData:
    """The form's fields. Raises HTTPException with 422 for another encoding, whose letters would be read as others, and
    for a NUL, which nothing can keep.

    Where files may come along, they may be anything: what they hold is for their reader to judge.
    """
    body, kind = await request.body(), request.headers.get("content-type", "")
    if not (max_files and kind.lower().startswith("multipart/form-data")) and not _is_utf8(body, kind):
        raise HTTPException(422)
    return await request.form(max_fields=max_fields, max_files=max_files)


def _is_utf8(body: bytes, content_type: str) -> bool:
    if content_type.lower().startswith("application/x-www-form-urlencoded"):
        if not body.isascii():
            return False
        body = unquote_to_bytes(body)
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return b"\0" not in body
