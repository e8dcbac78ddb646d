"""The groups of a product's devices, as rows that JSON can hold."""

from __future__ import annotations

from typing import Final

from attrs import field, frozen
from attrs.validators import instance_of

_text = instance_of(str)

DEFAULT_COLOR: Final = "#00AE42"


@frozen
class Group:
    """Devices of a product that get the same firmware; which they are, the devices' records say.

    Attributes:
        key: product and name, joined by a slash.
        color: as people see it, `#00AE42`.
    """

    key: str = field(validator=_text)
    product_id: int = field(validator=instance_of(int))
    name: str = field(validator=_text)
    description: str = field(default="", validator=_text)
    color: str = field(default=DEFAULT_COLOR, validator=_text)
