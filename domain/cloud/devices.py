"""The devices of an account: what the cloud knows of them, their functions and variables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeAlias

import attrs
from attrs import frozen

from particle_cli.domain.cloud.answer import IS_IT_THE_CLOUD, Answer
from particle_cli.domain.cloud.client import CloudClient
from particle_cli.domain.cloud.errors import (
    CloudAnswerUnreadable,
    CloudDeviceNotFound,
    CloudNotFound,
    CloudRefused,
    FunctionNotFound,
    VariableNotFound,
)
from particle_cli.domain.cloud.reading import Json
from particle_cli.domain.cloud.refusals import complaint
from particle_cli.domain.cloud.requests import CloudRequest, JsonBody
from particle_cli.domain.platforms.names import display_name, platform_name

_NOTHING: Final[Json] = []  # no answer of the cloud is this very list

VariableValue: TypeAlias = bool | int | float | str | None
"""What a variable holds; None for a double that is no number."""


@frozen
class CloudDevice:
    """What the cloud says of a device; None and empty where it says nothing.

    Attributes:
        id: 24 hexadecimal digits.
        name: as given by the owner.
        platform_id: kind of hardware.
        product_id: number of the product, or the platform id again for a device in no product.
        online: whether it is connected to the cloud.
        connected: the same under its older name.
        functions: names of the functions that it offers.
        variables: name and type (`int32`, `double`, `bool`, `string`) of each variable.
        status: `normal` or `safe_mode`.
        development: whether the firmware of its product is kept from it.
        system_firmware_version: release of Device OS that it runs.
        last_heard: ISO 8601 time of its last message.
        last_handshake_at: ISO 8601 time of its last session's begin.
    """

    id: str
    name: str | None = None
    platform_id: int | None = None
    product_id: int | None = None
    online: bool | None = None
    connected: bool | None = None
    cellular: bool | None = None
    functions: tuple[str, ...] | None = None
    variables: Mapping[str, str] | None = None
    status: str | None = None
    development: bool | None = None
    serial_number: str | None = None
    system_firmware_version: str | None = None
    last_heard: str | None = None
    last_handshake_at: str | None = None
    last_ip_address: str | None = None
    notes: str | None = None
    owner: str | None = None

    @property
    def is_online(self) -> bool:
        """Whether the cloud takes it for connected, under either key."""
        return bool(self.online or self.connected)

    @property
    def shown_name(self) -> str | None:
        """The name, unless it is the word `null` that some clients have stored for want of one."""
        return None if self.name in (None, "", "null") else self.name

    @property
    def kind(self) -> str:
        """Display name of its platform, or `Product N` for a device of a product."""
        number = self.product_id if self.product_id is not None else self.platform_id
        if number is None or platform_name(number) is None:
            return f"Product {number}" if number is not None else "unknown platform"
        return display_name(number)

    def updated(self, later: CloudDevice) -> CloudDevice:
        """Return this record with everything that the later one says in place of its own."""
        said = {
            field.name: value
            for field in attrs.fields(CloudDevice)
            if (value := getattr(later, field.name)) is not None
        }
        return attrs.evolve(self, **said)


@frozen
class VariableReading:
    """The value of a variable, and the device it came from (an id, or None where the cloud left it out)."""

    device_id: str | None
    name: str
    value: VariableValue


@frozen
class _Meta:
    total_pages: int = 1


@frozen
class _ProductDevices:
    devices: tuple[CloudDevice, ...] = ()
    meta: _Meta = _Meta()


@frozen
class _CoreInfo:
    deviceID: str | None = None


@frozen
class _Return:
    name: str | None = None
    coreInfo: _CoreInfo = _CoreInfo()


def device_path(device: str, product: str | None) -> tuple[str, ...]:
    """Return the path of a device: the caller's own by id or name, a product's by id."""
    scope = ("v1", "products", product) if product is not None else ("v1",)
    return (*scope, "devices", device)


async def list_devices(client: CloudClient, *, product: str | None = None) -> tuple[CloudDevice, ...]:
    """Return all devices, as the cloud orders them; functions and variables may be missing.

    Args:
        client: the cloud.
        product: id or slug, for the devices of that product, page after page; else the account's.

    Raises: CloudError.
    """
    if product is None:
        answer = await client.send(CloudRequest("GET", ("v1", "devices")))
        return answer.into(tuple[CloudDevice, ...])
    path, about = ("v1", "products", product, "devices"), f"product {product}"
    answer = await client.send(CloudRequest("GET", path, about=about))
    first = answer.into(_ProductDevices)
    found = list(first.devices)
    for page in range(2, first.meta.total_pages + 1):
        query = (("page", str(page)),)
        answer = await client.send(CloudRequest("GET", path, query=query, about=about))
        further = answer.into(_ProductDevices).devices
        if not further:
            break
        found += further
    return tuple(found)


async def get_device(client: CloudClient, device: str, *, product: str | None = None) -> CloudDevice:
    """Return one device with its functions and variables.

    Args:
        client: the cloud.
        device: id, or name within the account.
        product: id or slug, for a device of that product.

    Raises: CloudDeviceNotFound, CloudError.
    """
    answer = await client.send(CloudRequest("GET", device_path(device, product), about=f"device {device}"))
    return answer.into(CloudDevice)


async def call_function(
    client: CloudClient, device: str, function: str, argument: str = "", *, product: str | None = None
) -> int:
    """Call a function of a device and return what it returned, an int32.

    Args:
        client: the cloud.
        device: id, or name within the account.
        function: its name.
        argument: passed to it as text.
        product: id or slug, for a device of that product.

    Raises: FunctionNotFound, CloudDeviceNotFound, DeviceSilent, CloudError.
    """
    request = CloudRequest(
        "POST",
        (*device_path(device, product), function),
        JsonBody({"args": argument}),
        about=f"device {device}",
    )
    try:
        answer = await client.send(request)
    except CloudNotFound as refused:
        if _is_about_more(refused):
            raise
        raise FunctionNotFound(
            f"Function call failed: Function `{function}` not found",
            next_step=f"`particle list {device}` shows what the device offers.",
            status=refused.status,
        ) from refused
    returned = _field(answer, "return_value")
    if isinstance(returned, int) and not isinstance(returned, bool):
        return returned
    said = complaint(answer.json())
    if said and returned is None:
        raise CloudRefused(f"Function call failed: {said}", status=answer.status)
    raise CloudAnswerUnreadable(
        f"Function `{function}` of device {device} was called, but the answer has no return value.",
        next_step=IS_IT_THE_CLOUD,
        status=answer.status,
    )


async def get_variable(
    client: CloudClient, device: str, variable: str, *, product: str | None = None
) -> VariableReading:
    """Return the value of a variable of a device.

    Args:
        client: the cloud.
        device: id, or name within the account.
        variable: its name.
        product: id or slug, for a device of that product.

    Raises: VariableNotFound, CloudDeviceNotFound, DeviceSilent, CloudError.
    """
    request = CloudRequest(
        "GET",
        (*device_path(device, product), variable),
        about=f"device {device}",
    )
    try:
        answer = await client.send(request)
    except CloudNotFound as refused:
        if _is_about_more(refused):
            raise
        raise VariableNotFound(
            refused.message,
            next_step=f"`particle get {device}` shows what the device offers.",
            status=refused.status,
        ) from refused
    value = _field(answer, "result", missing=_NOTHING)
    if value is not _NOTHING and not isinstance(value, dict | list):
        return VariableReading(answer.into(_Return).coreInfo.deviceID, variable, value)
    said = complaint(answer.json())
    if said:
        raise CloudRefused(f"Variable `{variable}` of device {device}: {said}", status=answer.status)
    raise CloudAnswerUnreadable(
        f"The answer for variable `{variable}` of device {device} has no value.",
        next_step=IS_IT_THE_CLOUD,
        status=answer.status,
    )


def _field(answer: Answer, name: str, *, missing: Json = None) -> Json:
    """Return a field of an answer as it stands, which may be null."""
    document = answer.json()
    return document.get(name, missing) if isinstance(document, dict) else missing


def _is_about_more(refused: CloudNotFound) -> bool:
    """Tell whether the device or the product is missing, not just something that it offers."""
    return isinstance(refused, CloudDeviceNotFound) or refused.message.lower().startswith(
        ("device", "product")
    )
