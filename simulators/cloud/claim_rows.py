"""Claim codes and wishes for devices of others, as rows that JSON can hold. Times: ms since 1970, UTC."""

from __future__ import annotations

from attrs import field, frozen
from attrs.validators import instance_of, optional

_text = instance_of(str)
_number = optional(instance_of(int))


@frozen
class ClaimCode:
    """A code that makes a device which connects with it somebody's, and a product's if there is one."""

    code: str = field(repr=False, validator=_text)
    user_id: str = field(validator=_text)
    product_id: int | None = field(validator=_number)
    expires: int = field(validator=instance_of(int))


@frozen
class Transfer:
    """Somebody has asked the owner of a device for it."""

    id: str = field(validator=_text)
    device_id: str = field(validator=_text)
    owner_id: str = field(validator=_text)
    asker_id: str = field(validator=_text)
