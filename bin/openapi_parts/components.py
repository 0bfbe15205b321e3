"""What many operations of the public API share."""

from __future__ import annotations

from typing import Any

from espace_gateway.domain.operation import ON_BEHALF_OF
from espace_kernel.problems import PROBLEM_TYPES

Json = dict[str, Any]

PROBLEM: Json = {
    "type": "object",
    "title": "Problem",
    "description": "What went wrong, as RFC 9457 writes it. Some types of problem have members of their own.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference", "description": "what kind of problem it is, for programs; never changes"},
        "title": {"type": "string", "description": "the HTTP status in words"},
        "status": {"type": "integer", "description": "the HTTP status"},
        "detail": {"type": "string", "description": "what happened and what to do, for a person"},
        "errors": {
            "type": "array",
            "description": "what to correct, field by field",
            "items": {
                "type": "object",
                "required": ["field", "detail"],
                "properties": {"field": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
    },
    "examples": [
        {
            "type": f"{PROBLEM_TYPES}not-logged-in",
            "title": "Unauthorized",
            "status": 401,
            "detail": "You are not logged in, or the login has ended. Log in and try again.",
        }
    ],
}

PARAMETERS: Json = {
    "OnBehalfOf": {
        "name": ON_BEHALF_OF, "in": "header", "required": False, "schema": {"type": "string", "format": "uuid"},
        "description": "the person to act for, who gave a mandate for this part of the eSpace; left out: oneself",
    },
    "IfNoneMatch": {
        "name": "If-None-Match", "in": "header", "required": False, "schema": {"type": "string"}, "example": '"3"',
        "description": "the ETag of the answer at hand; while that is still the answer, 304 comes instead",
    },
}  # fmt: skip
"""What many operations take alike."""
HEADERS: Json = {
    "ETag": {"description": "the version of what is shown", "schema": {"type": "string"}, "example": '"3"'},
    "RetryAfter": {"description": "seconds to wait", "schema": {"type": "integer", "minimum": 1}},
    "RateLimit": {
        "description": "which rate is used up, and when some of it is back",
        "schema": {"type": "string"},
        "example": '"person";r=0;t=2',
    },
    "RateLimitPolicy": {
        "description": "what that rate allows in how many seconds",
        "schema": {"type": "string"},
        "example": '"person";q=300;w=60',
    },
}
