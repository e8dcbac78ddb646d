"""`particle product device list|add|remove`: the devices of a product."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from particle_cli.domain.cloud.products import (
    Import,
    ProductDevice,
    add_to_product,
    get_product_device,
    list_product_devices,
    remove_from_product,
)
from particle_cli.domain.platforms.device_ids import is_device_id
from particle_cli.entrypoints.cli.commands.cloud_session import cloud_session
from particle_cli.entrypoints.cli.commands.list import DeviceList
from particle_cli.entrypoints.cli.result import Plain, Result, Told
from particle_cli.ports.errors import ParticleError, UsageError
from particle_cli.ports.files import FileMissing

if TYPE_CHECKING:
    from particle_cli.entrypoints.cli.given import Given
    from particle_cli.entrypoints.wires import Wires


class NothingAdded(ParticleError):
    """None of the devices could be added; the message says why, by id."""

    code = "nothing_added"


class ProductDevices(DeviceList):
    """Some devices of a product; the data is what the cloud says of them, key by key."""

    def __init__(self, devices: Sequence[ProductDevice], page: int) -> None:
        """Keep the devices of a page, which is the how manieth."""
        super().__init__([one.device for one in devices], variables=False, functions=False)
        self._documents = [one.document for one in devices]
        self.meta = {"previous": page - 1, "current": page, "next": page + 1}

    def data(self) -> Plain:
        """Return the devices as the cloud shows them."""
        return self._documents


class OneProductDevice(DeviceList):
    """One device of a product, and what it offers."""

    def __init__(self, device: ProductDevice) -> None:
        """Keep the device."""
        super().__init__([device.device])
        self._document = device.document

    def data(self) -> Plain:
        """Return the device as the cloud shows it."""
        return self._document


async def list_devices(given: Given, wires: Wires) -> Result:
    """List a page of a product's devices, or show one."""
    product, device = given.word("product"), given.optional("device")
    page, limit = _positive(given, "page") or 1, _positive(given, "limit")
    if device is not None:
        _check_id("device", device)
    async with cloud_session(wires) as client:
        if device is not None:
            return OneProductDevice(await get_product_device(client, product, device))
        found = await list_product_devices(
            client,
            product,
            name=given.text("name"),
            groups=given.texts("groups"),
            page=page,
            per_page=limit,
        )
    return ProductDevices(found.devices, page)


async def add(given: Given, wires: Wires) -> Result:
    """Add one device, or all that a file names."""
    product = given.word("product")
    ids = _ids(given, wires)
    async with cloud_session(wires) as client:
        told = await add_to_product(client, product, ids)
    if not told.accepted:
        raise NothingAdded(
            _text(product, told).rstrip("\n"),
            next_step="A device has to be of the product's platform, and yours or a team member's.",
        )
    lists: dict[str, Plain] = {
        "product": product,
        "deviceIds": told.accepted,
        "nonmemberDeviceIds": told.non_members,
        "invalidDeviceIds": told.invalid,
        "protectedDeviceIds": told.protected,
    }
    return Told(_text(product, told), lists)


def _ids(given: Given, wires: Wires) -> tuple[str, ...]:
    """Return the ids that are to be added. Raises: UsageError."""
    word, path = given.optional("deviceID"), given.text("file")
    if word is None and path is None:
        raise UsageError("`deviceID` parameter or `--file` option is required")
    if word is not None and path is not None:
        raise UsageError("Devices are named on the command line or in a file, not both.")
    if path is None:
        assert word is not None
        _check_id("deviceID", word)
        return (word,)
    try:
        text = wires.read(path).decode(errors="replace")
    except FileMissing as missing:
        raise UsageError(f"{path} does not exist") from missing
    found = tuple(filter(None, map(str.strip, text.removeprefix("\ufeff").splitlines())))
    if not found:
        raise UsageError(f"{path} is empty")
    return found


def _text(product: str, told: Import) -> str:
    """Return what became of the ids, a section for each outcome."""
    sections = (
        (f"Success!\n\nProduct {product} Includes:", told.accepted),
        ("Skipped Non-Member IDs:", told.non_members),
        ("Skipped Invalid IDs:", told.invalid),
        ("Skipped Protected IDs:", told.protected),
    )
    return "\n".join(_section(heading, ids) for heading, ids in sections if ids)


def _section(heading: str, ids: Sequence[str]) -> str:
    def lines() -> Iterator[str]:
        yield heading
        yield from (f"  {one}" for one in ids)
        yield ""

    return "\n".join(lines())


async def remove(given: Given, wires: Wires) -> Result:
    """Remove a device from a product."""
    product, device = given.word("product"), given.word("deviceID")
    _check_id("deviceID", device)
    async with cloud_session(wires) as client:
        await remove_from_product(client, product, device)
    told: dict[str, Plain] = {"product": product, "id": device.lower(), "removed": True}
    return Told(f"Success! Removed device {device} from product {product}\n", told)


def _check_id(parameter: str, word: str) -> None:
    """Refuse anything but an id. Raises: UsageError."""
    if not is_device_id(word):
        raise UsageError(f"`{parameter}` parameter must be an id - received: {word}")


def _positive(given: Given, name: str) -> int | None:
    """Return the whole number above 0 that a flag gives. Raises: UsageError."""
    number = given.number(name)
    if number is None:
        return None
    if not (number >= 1 and number.is_integer()):
        raise UsageError(f"--{name} is a whole number from 1, not {number:g}.")
    return int(number)
