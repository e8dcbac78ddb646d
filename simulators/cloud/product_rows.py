"""What the cloud remembers of products, as rows that JSON can hold."""

from __future__ import annotations

from attrs import field, frozen
from attrs.validators import instance_of

_text = instance_of(str)
_number = instance_of(int)


@frozen
class Product:
    """A product: devices of one platform that belong together.

    Attributes:
        key: its number, as text.
        slug: its name in addresses.
        owner_id: the account it belongs to.
        device_protection: `active` or `disabled`.
    """

    key: str = field(validator=_text)
    slug: str = field(validator=_text)
    name: str = field(validator=_text)
    platform_id: int = field(validator=_number)
    owner_id: str = field(validator=_text)
    description: str = field(default="", validator=_text)
    device_protection: str = field(default="disabled", validator=_text)

    @property
    def id(self) -> int:
        """Its number."""
        return int(self.key)


@frozen
class TeamMember:
    """Somebody who works on a product beside its owner.

    Attributes:
        key: product and user, joined by a slash.
        role: `administrator`, `developer`, `support` or `viewer`.
    """

    key: str = field(validator=_text)
    product_id: int = field(validator=_number)
    user_id: str = field(validator=_text)
    role: str = field(validator=_text)
