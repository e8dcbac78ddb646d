"""The devices of a product: listed page by page, taken into it and out of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import field, frozen

from particle_cli.domain.cloud.answer import IS_IT_THE_CLOUD, Answer
from particle_cli.domain.cloud.client import CloudClient
from particle_cli.domain.cloud.devices import CloudDevice, device_path
from particle_cli.domain.cloud.errors import CloudAnswerUnreadable
from particle_cli.domain.cloud.reading import Json, Unreadable, structure
from particle_cli.domain.cloud.requests import CloudRequest, FilesBody, JsonBody
from particle_cli.ports.http import Part


@frozen
class ProductDevice:
    """A device as its product shows it.

    Attributes:
        device: what is known of every device.
        document: all that the cloud sent of it, for those who know more keys than this program.
    """

    device: CloudDevice
    document: Mapping[str, Json] = field(repr=False)


@frozen
class ProductPage:
    """One page of the devices of a product.

    Attributes:
        devices: in the cloud's order: unless asked otherwise, the one with the newest session first.
        total_pages: how many pages there are, or None where the cloud left it out.
    """

    devices: tuple[ProductDevice, ...]
    total_pages: int | None


@frozen
class Import:
    """What became of devices that were to be taken into a product, by the ids they were named by.

    Attributes:
        accepted: they are in the product now, or have been before.
        non_members: they belong to somebody who has nothing to do with the product.
        invalid: there is no such device, or it is of another platform than the product's.
        protected: Device Protection is on, and the product is an open one.
    """

    accepted: tuple[str, ...]
    non_members: tuple[str, ...]
    invalid: tuple[str, ...]
    protected: tuple[str, ...]


@frozen
class _Meta:
    total_pages: int | None = None


@frozen
class _Page:
    meta: _Meta = _Meta()


@frozen
class _Skipped:
    nonmemberDeviceIds: tuple[str, ...] = ()
    invalidDeviceIds: tuple[str, ...] = ()
    protectedDeviceIds: tuple[str, ...] = ()


async def list_product_devices(
    client: CloudClient,
    product: str,
    *,
    name: str | None = None,
    groups: Sequence[str] = (),
    page: int = 1,
    per_page: int | None = None,
) -> ProductPage:
    """Return a page of those devices of a product that pass all filters.

    Args:
        client: the cloud.
        product: id or slug.
        name: a part of the names of the devices that are wanted.
        groups: names of groups; devices in any of them are wanted.
        page: which page, from 1.
        per_page: devices on a page; None leaves it to the cloud.

    Raises: CloudError.
    """
    query = [
        ("deviceName", name),
        ("groups", ",".join(groups) or None),
        ("page", str(page)),
        ("per_page", str(per_page) if per_page is not None else None),
    ]
    answer = await client.send(
        CloudRequest(
            "GET",
            ("v1", "products", product, "devices"),
            query=tuple((key, value) for key, value in query if value is not None),
            about=f"product {product}",
        )
    )
    document = answer.json()
    listed = document.get("devices") if isinstance(document, dict) else None
    if not isinstance(listed, list):
        raise _unreadable(answer, product)
    devices = tuple(_product_device(answer, product, one) for one in listed)
    return ProductPage(devices, answer.into(_Page).meta.total_pages)


async def get_product_device(client: CloudClient, product: str, device_id: str) -> ProductDevice:
    """Return one device of a product.

    Raises: CloudNotFound, CloudError.
    """
    answer = await client.send(
        CloudRequest("GET", device_path(device_id, product), about=f"device {device_id}")
    )
    return _product_device(answer, product, answer.json())


def _product_device(answer: Answer, product: str, document: Json) -> ProductDevice:
    """Return the device in a document. Raises: CloudAnswerUnreadable."""
    try:
        if isinstance(document, dict):
            return ProductDevice(structure(document, CloudDevice), document)
    except Unreadable as fault:
        raise _unreadable(answer, product, fault) from fault
    raise _unreadable(answer, product)


def _unreadable(answer: Answer, product: str, fault: Unreadable | None = None) -> CloudAnswerUnreadable:
    reason = f": {fault}" if fault else "."
    return CloudAnswerUnreadable(
        f"The devices of product {product} can't be read from the answer of {answer.url}{reason}",
        next_step=IS_IT_THE_CLOUD,
        status=answer.status,
    )


async def add_to_product(client: CloudClient, product: str, ids: Sequence[str]) -> Import:
    """Take devices into a product.

    Args:
        client: the cloud.
        product: id or slug.
        ids: of the devices, or their serial numbers, IMEIs or ICCIDs; the same one twice counts once.

    Raises: CloudError.
    """
    wanted = _once(ids)
    file = Part("file", "\n".join(wanted).encode(), "file", "application/octet-stream")
    answer = await client.send(
        CloudRequest(
            "POST",
            ("v1", "products", product, "devices"),
            FilesBody((file,)),
            about=f"product {product}",
            timeout_ms=300_000,
        )
    )
    skipped = answer.into(_Skipped)
    lists = (skipped.nonmemberDeviceIds, skipped.invalidDeviceIds, skipped.protectedDeviceIds)
    refused = {one.lower() for group in lists for one in group}
    accepted = tuple(one for one in wanted if one.lower() not in refused)
    return Import(accepted, *map(_once, lists))


def _once(ids: Sequence[str]) -> tuple[str, ...]:
    """Return each id once, as it was first written; upper and lower case are the same."""
    return tuple({one.lower(): one for one in reversed(ids)}.values())[::-1]


async def remove_from_product(
    client: CloudClient, product: str, device_id: str, *, deny: bool = False
) -> None:
    """Take a device out of a product.

    Args:
        client: the cloud.
        product: id or slug.
        device_id: 24 hexadecimal digits.
        deny: keep it out from now on, too, whatever its firmware says.

    Raises: CloudNotFound, CloudError.
    """
    body = JsonBody({"deny": True} if deny else {})
    path = device_path(device_id.lower(), product)
    await client.send(CloudRequest("DELETE", path, body, about=f"device {device_id}"))


async def mark_as_development(
    client: CloudClient, product: str, device_id: str, *, development: bool = True
) -> None:
    """Let a device of a product be for development: the product's releases then pass it by.

    Raises: CloudNotFound, CloudError.
    """
    body = JsonBody({"development": development})
    path = device_path(device_id, product)
    await client.send(CloudRequest("PUT", path, body, about=f"device {device_id}"))
