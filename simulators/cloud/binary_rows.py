"""Binaries that were compiled, as rows that JSON can hold. Times are milliseconds since 1970, UTC."""

from __future__ import annotations

import base64

from attrs import field, frozen
from attrs.validators import instance_of

_text = instance_of(str)


def as_content(value: bytes | str) -> bytes:
    """Take bytes as they are, or as JSON carries them."""
    return base64.b64decode(value, validate=True) if isinstance(value, str) else value


@frozen
class Binary:
    """The result of a compilation, until it expires."""

    id: str = field(validator=_text)
    owner_id: str = field(validator=_text)
    content: bytes = field(repr=False, converter=as_content)
    expires: int = field(validator=instance_of(int))
