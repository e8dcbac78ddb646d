"""Products, and the people who have them together, as rows that JSON can hold."""

from __future__ import annotations

from attrs import field, frozen
from attrs.validators import in_, instance_of, optional

from particle_cli.simulators.cloud.rows import as_names

_text = instance_of(str)
_number = instance_of(int)
_truth = instance_of(bool)

ADMINISTRATOR, DEVELOPER, SUPPORT, VIEWER = "administrator", "developer", "support", "viewer"
ROLES = (ADMINISTRATOR, DEVELOPER, SUPPORT, VIEWER)
"""What somebody in a team may do, most first; see `roles`."""
API_USER = "api user"
"""In the place of a role: a program, which may do what its token says."""


@frozen
class Product:
    """A product: devices of one platform that belong together.

    Attributes:
        key: its number, as text.
        slug: its name in addresses.
        owner_id: the account it belongs to, or that made it for an organization.
        device_protection: `active` or `disabled`.
        organization_id: the organization that it belongs to, or None for an account's own.
        locates: whether the places of its devices are kept.
        quarantines: whether a device that says it is of this product has to be let in by somebody.
    """

    key: str = field(validator=_text)
    slug: str = field(validator=_text)
    name: str = field(validator=_text)
    platform_id: int = field(validator=_number)
    owner_id: str = field(validator=_text)
    description: str = field(default="", validator=_text)
    device_protection: str = field(default="disabled", validator=_text)
    organization_id: str | None = field(default=None, validator=optional(_text))
    locates: bool = field(default=False, validator=_truth)
    quarantines: bool = field(default=True, validator=_truth)

    @property
    def id(self) -> int:
        """Its number."""
        return int(self.key)


@frozen
class TeamMember:
    """Somebody who works on a product beside its owner.

    Attributes:
        key: product and user, joined by a slash.
        role: one of `ROLES`, or `API_USER`.
    """

    key: str = field(validator=_text)
    product_id: int = field(validator=_number)
    user_id: str = field(validator=_text)
    role: str = field(validator=in_((*ROLES, API_USER)))


@frozen
class Organization:
    """People who have products together.

    Attributes:
        slug: its name in addresses.
        member_ids: the accounts that belong to it.
    """

    id: str = field(validator=_text)
    slug: str = field(validator=_text)
    name: str = field(validator=_text)
    member_ids: tuple[str, ...] = field(converter=as_names)
