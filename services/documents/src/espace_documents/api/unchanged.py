"""An answer that need not travel again while the caller has it at hand."""

from __future__ import annotations

from hashlib import sha256
from typing import Annotated, Any

from fastapi import Header, Response
from pydantic import BaseModel

AtHand = Annotated[
    str | None,
    Header(alias="If-None-Match", description="the ETag of the answer at hand: while it still holds, 304 comes instead"),
]
UNCHANGED: dict[int | str, dict[str, Any]] = {304: {"description": "The answer at hand still holds"}}


def answered(view: BaseModel, at_hand: str | None) -> Response:
    """The view as JSON, its ETag a hash of it; 304 without a body when one of the ETags at hand is that one."""
    body = view.model_dump_json().encode()
    etag = f'"{sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
    known = {tag.strip().removeprefix("W/") for tag in (at_hand or "").split(",")}
    if known & {etag, "*"}:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)
