"""One request as its handler sees it: routed, read, and in somebody's name."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING

from attrs import field, frozen

from particle_cli.ports.clock import Clock
from particle_cli.ports.http import Part
from particle_cli.simulators.cloud.broker import Broker
from particle_cli.simulators.cloud.link import CloudDevice
from particle_cli.simulators.cloud.product_rows import Organization, Product
from particle_cli.simulators.cloud.replies import (
    Plain,
    Refusal,
    no_device_of_product,
    not_your_device,
    not_your_product,
    refused,
)
from particle_cli.simulators.cloud.rows import DeviceRecord, User
from particle_cli.simulators.cloud.state import CloudState

if TYPE_CHECKING:
    from particle_cli.simulators.cloud.integration_rows import Delivery, Integration
    from particle_cli.simulators.cloud.webhook_answers import Outcome


@frozen(eq=False)
class Surroundings:
    """What handlers work with.

    Attributes:
        state: the cloud's memory.
        devices: the far ends of those devices that exist at the moment, by id.
        clock: the world's clock.
        origin: the cloud's own address, without a final slash.
        broker: passes events on.
        failed_logins: of each address how many failed in a row, and when the last one did.
        try_out: lets an integration do its work once.
    """

    state: CloudState
    devices: Mapping[str, CloudDevice]
    clock: Clock
    origin: str
    broker: Broker
    failed_logins: dict[str, tuple[int, int]]
    try_out: Callable[[Integration, Delivery], Awaitable[Outcome]]

    @property
    def now(self) -> int:
        """The time of day in milliseconds since 1970."""
        return round(self.clock.now().timestamp() * 1000)


@frozen(eq=False)
class Call:
    """A request with its path taken apart and its body read.

    Attributes:
        world: what handlers work with.
        method: of the request.
        target: what answers, as the table of addresses names it.
        places: the variable segments of the path by name, decoded.
        query: the query's names and values.
        fields: top-level fields of the body, whether it came as JSON, as a form or as multipart.
        files: the files of a multipart body, in order.
        caller: in whose name it is made; on public routes None.
        token: the access token it came with.
        basic: user name and password of HTTP Basic authentication.
        kind: media type of the body, empty without one.
        accept: the media types that are wanted.
        peer: address of the machine that asks.
    """

    world: Surroundings
    method: str
    target: str
    places: Mapping[str, str]
    query: Mapping[str, str]
    fields: Mapping[str, Plain] = field(repr=False)
    files: tuple[Part, ...]
    caller: User | None
    token: str | None = field(repr=False)
    basic: tuple[str, str] | None = field(repr=False)
    kind: str
    accept: str
    peer: str

    @property
    def user(self) -> User:
        """The caller, on routes that are not public."""
        if self.caller is None:
            raise RuntimeError("a public route has no user")
        return self.caller

    def text(self, name: str, default: str = "") -> str:
        """Return a field of the body, or else of the query, as text; numbers and truths are written out."""
        value = self.fields.get(name, self.query.get(name, default))
        if isinstance(value, bool):
            return "true" if value else "false"
        return str(value) if isinstance(value, str | int | float) else default

    def product(self) -> Product:
        """Return the product that the path names by number or slug, if the caller may do this to it.

        Raises: Refusal.
        """
        product = self.world.state.product_named(self.places["product"])
        if product is None:
            raise not_your_product()
        if product.owner_id != self.user.id or "organization" in self.places:
            from particle_cli.simulators.cloud.roles import require_role  # most ask for what is their own

            if "organization" in self.places and product.organization_id != self.organization().id:
                raise not_your_product()
            require_role(self.world.state, product, self.user.id, self)
        return product

    def organization(self) -> Organization:
        """Return the organization that the path names by id or slug, if the caller belongs to it.

        Raises: Refusal.
        """
        word = self.places["organization"]
        for one in self.world.state.organizations:
            if word in (one.id, one.slug) and self.user.id in one.member_ids:
                return one
        raise refused(403, "Permission denied")

    def device_of_organization(self) -> DeviceRecord:
        """Return the device that the path names by its id, if it is of a product of the organization's.

        Raises: Refusal.
        """
        organization, state = self.organization(), self.world.state
        found = state.devices.get(self.places["device"].lower())
        product = state.products.get(str(found.product_id)) if found else None
        if found is None or product is None or product.organization_id != organization.id:
            raise refused(404, "Device not found for this organization")
        return found

    def device(self) -> DeviceRecord:
        """Return the device that the path names: of a product or an organization by its id.

        One's own is named by id or name; of devices with one name the one heard last is meant.

        Raises: Refusal.
        """
        wanted = self.places["device"]
        if "product" in self.places:
            product = self.product()
            found = self.world.state.devices.get(wanted.lower())
            if found is None or found.product_id != product.id:
                raise no_device_of_product()
            return found
        if "organization" in self.places:
            return self.device_of_organization()
        owned = self.world.state.devices_of(self.user.id)
        for record in owned:
            if record.id == wanted.lower():
                return record
        named = [record for record in owned if record.name == wanted]
        if not named:
            raise not_your_device()
        return max(named, key=lambda record: record.last_heard or 0)

    def far_end(self, record: DeviceRecord) -> CloudDevice | None:
        """Return the device itself if it is connected, else None."""
        device = self.world.devices.get(record.id)
        return device if device is not None and device.online else None

    def seems_online(self, record: DeviceRecord) -> bool:
        """Tell whether the cloud believes a device to be connected."""
        return record.fades is not None or self.far_end(record) is not None


__all__ = ["Call", "Refusal", "Surroundings"]
