"""Products as scenarios describe them: made without a request, and devices put into them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from attrs import evolve, field, frozen

from particle_cli.simulators.cloud.call import Surroundings
from particle_cli.simulators.cloud.device_document import introduced
from particle_cli.simulators.cloud.group_rows import Group
from particle_cli.simulators.cloud.link import CloudDevice
from particle_cli.simulators.cloud.product_rows import Product, TeamMember
from particle_cli.simulators.cloud.rows import DeviceRecord
from particle_cli.simulators.cloud.state import CloudState

_GAPS: Final = re.compile(r"[^a-z0-9]+")
_FIRST_NUMBER: Final = 1001


def slug_of(name: str) -> str:
    """Return the name that a product has in addresses, from the one that it has for people."""
    return _GAPS.sub("-", name.lower()).strip("-")


def free_number(state: CloudState) -> int:
    """Return the number of the next product."""
    return max((product.id + 1 for product in state.products), default=_FIRST_NUMBER)


@frozen
class NewProduct:
    """A product that is to be made.

    Attributes:
        number: what it is known by; None, or where that is taken: the next one.
        owner: whose it is, by the e-mail address of an account.
        organization: slug of the organization that it belongs to, or None.
        groups: names of the groups that its devices can be in.
        team: roles by e-mail address.
    """

    slug: str
    name: str
    platform_id: int
    owner: str
    number: int | None = None
    description: str = ""
    organization: str | None = None
    protected: bool = False
    quarantines: bool = True
    groups: tuple[str, ...] = ()
    team: Mapping[str, str] = field(factory=dict)


def found_product(world: Surroundings, wanted: NewProduct) -> None:
    """Make a product with its groups and its team; one of that slug stays as it is.

    Raises: LookupError for an account or organization that there is not.
    """
    state = world.state
    if state.product_named(wanted.slug):
        return
    key = str(wanted.number)
    if wanted.number is None or state.product_named(key):
        key = str(free_number(state))
    product = Product(
        key,
        wanted.slug,
        wanted.name,
        wanted.platform_id,
        _id_of(state, wanted.owner),
        wanted.description,
        "active" if wanted.protected else "disabled",
        _organization(state, wanted.organization),
        quarantines=wanted.quarantines,
    )
    ids = {_id_of(state, username): role for username, role in wanted.team.items()}
    state.products.put(product)
    for name in wanted.groups:
        state.groups.put(Group(f"{key}/{name}", product.id, name))
    for number, role in ids.items():
        state.team_members.put(TeamMember(f"{key}/{number}", product.id, number, role))


def _organization(state: CloudState, slug: str | None) -> str | None:
    if slug is None:
        return None
    for one in state.organizations:
        if one.slug == slug:
            return one.id
    raise LookupError(f"there is no organization {slug}")


def _id_of(state: CloudState, username: str) -> str:
    user = state.user_named(username)
    if user is None:
        raise LookupError(f"there is no account {username}")
    return user.id


def put_into_product(
    world: Surroundings, device: CloudDevice, word: str, *, groups: Sequence[str], development: bool
) -> None:
    """Let a device be one of a product, by the product's number or slug.

    Raises: LookupError for a product that there is not.
    """
    state = world.state
    product = state.product_named(word)
    if product is None:
        raise LookupError(f"there is no product {word}")
    record = state.devices.get(device.id)
    if record is None:
        record = introduced(DeviceRecord(device.id, device.platform_id, None), device)
    for name in groups:
        key = f"{product.key}/{name}"
        if state.groups.get(key) is None:
            state.groups.put(Group(key, product.id, name))
    state.devices.put(evolve(record, product_id=product.id, groups=groups, development=development))
