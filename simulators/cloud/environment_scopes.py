"""Where environment variables are set, what they inherit, and how devices come to them.

What is set is the latest state; devices have what was last rolled out. A device inherits from its product,
and a product from its owner; the nearest wins.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from attrs import field, frozen

from particle_cli.simulators.cloud.call import Surroundings
from particle_cli.simulators.cloud.document_rows import Document
from particle_cli.simulators.cloud.documents import kept
from particle_cli.simulators.cloud.link import CloudDevice
from particle_cli.simulators.cloud.product_rows import Product
from particle_cli.simulators.cloud.replies import Plain
from particle_cli.simulators.cloud.rows import DeviceRecord

KIND: Final = "environment"

Vars = Mapping[str, str]


@frozen
class Scope:
    """A place where variables are set.

    Attributes:
        key: what the place is called.
        above: (what it is, its scope) of those that it inherits from, farthest first.
        document: what is kept of it, or None.
    """

    key: str
    above: tuple[tuple[str, Scope], ...] = field(repr=False)
    document: Document | None = field(repr=False)

    def own(self, state: str = "latest") -> Vars:
        """Return what is set here: `latest`, or `snapshot` for what was last rolled out."""
        found = self.document.value.get(state) if self.document else None
        return {key: str(value) for key, value in found.items()} if isinstance(found, dict) else {}

    def inherited(self, state: str = "latest") -> Mapping[str, tuple[str, str]]:
        """Return what is set above, with where that is."""
        found: dict[str, tuple[str, str]] = {}
        for name, scope in self.above:
            found |= {key: (name, value) for key, value in scope.own(state).items()}
        return {key: value for key, value in found.items() if key not in self.own(state)}

    def rendered(self, state: str = "latest") -> Vars:
        """Return all variables, as a device has them."""
        return {key: value for key, (_, value) in self.inherited(state).items()} | dict(self.own(state))

    @property
    def rollout(self) -> dict[str, Plain]:
        """When what is set here was last rolled out, and by whom."""
        value = self.document.value if self.document else {}
        return {"rollout_at": value.get("rollout_at"), "rollout_by": value.get("rollout_by")}


def scope_at(world: Surroundings, key: str, *above: tuple[str, Scope]) -> Scope:
    """Return the scope of that name."""
    return Scope(key, above, kept(world, KIND, key))


def scope_of_product(world: Surroundings, product: Product) -> Scope:
    """Return the scope of a product."""
    organization = product.organization_id
    owner = scope_at(world, f"org/{organization}" if organization else f"user/{product.owner_id}")
    return scope_at(world, f"product/{product.key}", ("Owner", owner))


def scope_of_device(world: Surroundings, record: DeviceRecord) -> Scope:
    """Return the scope of a device."""
    key = f"device/{record.id}"
    product = world.state.products.get(str(record.product_id))
    if product is not None:
        above = scope_of_product(world, product)
        return scope_at(world, key, *above.above, ("Product", above))
    return scope_at(world, key, ("Owner", scope_at(world, f"user/{record.owner_id}")))


def bring(world: Surroundings, record: DeviceRecord, device: CloudDevice) -> None:
    """Let a device that is connected have what was last rolled out for it, if anything ever was."""
    scope = scope_of_device(world, record)
    above = (one for _, one in scope.above)
    if any(one.rollout["rollout_at"] is not None for one in (scope, *above)):
        device.environment.from_cloud = dict(scope.rendered("snapshot"))
