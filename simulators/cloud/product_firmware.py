"""The firmware of a product: uploaded, described, released and handed out again."""

from __future__ import annotations

from typing import Final

from attrs import evolve

from particle_cli.domain.firmware.errors import FirmwareError
from particle_cli.domain.firmware.functions import ModuleFunction
from particle_cli.domain.firmware.module import Module, parse_module
from particle_cli.ports.http import HttpResponse
from particle_cli.simulators.cloud.broker import OVER_REST, Event
from particle_cli.simulators.cloud.call import Call
from particle_cli.simulators.cloud.device_events import product_channels
from particle_cli.simulators.cloud.product_firmware_rows import ProductFirmware
from particle_cli.simulators.cloud.product_rows import Product
from particle_cli.simulators.cloud.replies import (
    Plain,
    moment,
    refused,
    reply,
    reply_bytes,
    reply_nothing,
)
from particle_cli.simulators.cloud.reported_product import reported_product

_MOST_VERSION: Final = 65_534
_MOST_SIZE: Final = 5 << 20
_TRUE: Final = ("1", "true")
_APPLICATIONS: Final = (ModuleFunction.USER_PART, ModuleFunction.MONO_FIRMWARE)


async def list_all(call: Call) -> HttpResponse:
    """List the firmware of a product, oldest version first."""
    product = call.product()
    found = [one for one in call.world.state.product_firmware if one.product_id == product.id]
    return reply([_shown(call, one) for one in sorted(found, key=lambda one: one.version)])


async def show(call: Call) -> HttpResponse:
    """Show one version."""
    return reply(_shown(call, _named(call)))


async def download(call: Call) -> HttpResponse:
    """Hand out the file of one version."""
    firmware = _named(call)
    return reply_bytes(firmware.content, "application/octet-stream", "firmware.bin")


async def upload(call: Call) -> HttpResponse:
    """Take in a version, if it is an application for the product's platform."""
    product, state = call.product(), call.world.state
    if len(call.files) != 1:
        raise refused(400, "One file with firmware is required")
    (file,), version = call.files, _version(call.text("version"))
    key = f"{product.key}/{version}"
    if state.product_firmware.get(key) is not None:
        raise refused(409, f"Firmware version {version} exists already")
    _check(file.content, product, version)
    firmware = ProductFirmware(
        key,
        state.fresh("product firmware"),
        product.id,
        version,
        call.text("title") or f"v{version}",
        call.text("description"),
        file.filename or "firmware.bin",
        file.content,
        call.world.now,
        call.world.now,
        call.user.username,
        mandatory=call.text("mandatory") in _TRUE,
    )
    state.product_firmware.put(firmware)
    _tell(call, product, "particle/firmware/create", f'{{"version":"{version}"}}')
    return reply(_shown(call, firmware), 201)


def _version(text: str) -> int:
    """Return the version that is asked for. Raises: Refusal."""
    if not (text.isascii() and text.isdecimal() and len(text) < 6 and 0 < int(text) <= _MOST_VERSION):
        raise refused(400, f"version must be a number from 1 to {_MOST_VERSION}")
    return int(text)


def _check(content: bytes, product: Product, version: int) -> None:
    """Refuse what no device of the product could run as that version. Raises: Refusal."""
    module = _module(content)
    if module.prefix.function not in _APPLICATIONS:
        raise refused(400, "The file is no application firmware")
    if module.prefix.platform_id != product.platform_id:
        raise refused(400, "The firmware is for another platform than the product's devices")
    said_product, said_version = reported_product(module)
    if said_product not in (None, product.id, product.platform_id):
        raise refused(400, f"The firmware is of product {said_product}, not {product.id}")
    if said_version is None:
        raise refused(400, f"The firmware has no version: PRODUCT_VERSION({version}) belongs into its source")
    if said_version != version:
        raise refused(400, f"The firmware says that it is version {said_version}, not {version}")


def _module(content: bytes) -> Module:
    if len(content) > _MOST_SIZE:
        raise refused(413, "The file is too large")
    try:
        module = parse_module(content, name="firmware.bin")
    except FirmwareError as damage:
        raise refused(400, f"The file is no firmware: {damage.message}") from None
    if not module.crc_ok:
        raise refused(400, "The firmware is damaged: its checksum does not match")
    return module


async def change(call: Call) -> HttpResponse:
    """Describe a version otherwise."""
    firmware = _named(call)
    if not call.fields.keys() & {"title", "description", "mandatory"}:
        raise refused(400, "Nothing to do?")
    firmware = evolve(
        firmware,
        title=call.text("title", firmware.title),
        description=call.text("description", firmware.description),
        mandatory=call.text("mandatory", "true" if firmware.mandatory else "false") in _TRUE,
        updated=call.world.now,
    )
    call.world.state.product_firmware.put(firmware)
    return reply(_shown(call, firmware))


async def remove(call: Call) -> HttpResponse:
    """Remove a version that was never released."""
    firmware = _named(call)
    if firmware.released:
        raise refused(400, "Firmware that has been released cannot be deleted")
    call.world.state.product_firmware.remove(firmware.key)
    return reply_nothing()


async def release(call: Call) -> HttpResponse:
    """Let all devices of a product have a version, or those of some groups."""
    from particle_cli.simulators.cloud.product_releases import hand_out

    product = call.product()
    firmware = _of_version(call, product, call.text("version"))
    groups, is_default = _groups(call, product), call.text("product_default") in _TRUE
    if not groups and not is_default:
        raise refused(400, "A release is the product's default, or for groups")
    if not any(_runs(call, firmware)):
        raise refused(400, "Firmware can only be released when a device of the product runs it already")
    for other in call.world.state.product_firmware:
        if other.product_id == product.id and other.version != firmware.version:
            left = tuple(name for name in other.groups if name not in groups)
            kept = evolve(other, groups=left, product_default=other.product_default and not is_default)
            if kept != other:
                call.world.state.product_firmware.put(kept)
    firmware = evolve(
        firmware,
        product_default=firmware.product_default or is_default,
        groups=tuple(dict.fromkeys((*firmware.groups, *groups))),
        released=True,
        updated=call.world.now,
    )
    call.world.state.product_firmware.put(firmware)
    at_once = call.text("intelligent") in _TRUE
    immediate = "true" if at_once else "false"
    said = f'{{"immediate":{immediate},"version":{firmware.version}}}'
    _tell(call, product, "particle/firmware/release", said)
    if at_once:
        hand_out(call.world, product)
    return reply(_shown(call, firmware))


def _groups(call: Call, product: Product) -> tuple[str, ...]:
    """Return the groups that a release is for. Raises: Refusal for one that there is not."""
    wanted = call.fields.get("groups") or []
    names = wanted.split(",") if isinstance(wanted, str) else wanted
    if not isinstance(names, list):
        raise refused(400, "groups must be a list of names")
    for name in names:
        if call.world.state.groups.get(f"{product.key}/{name}") is None:
            raise refused(400, f"Group {name} not found")
    return tuple(map(str, names))


def _named(call: Call) -> ProductFirmware:
    """Return the version that the path names. Raises: Refusal."""
    return _of_version(call, call.product(), call.places["version"])


def _of_version(call: Call, product: Product, version: str) -> ProductFirmware:
    firmware = call.world.state.product_firmware.get(f"{product.key}/{version}")
    if firmware is None:
        raise refused(404, f"Firmware version {version} not found for this product")
    return firmware


def _tell(call: Call, product: Product, name: str, data: str) -> None:
    """Publish an event of the product's."""
    world = call.world
    channels = product_channels(world, product.id)
    world.broker.publish(Event(name, data, world.now, OVER_REST, channels, product_id=product.id))


def _runs(call: Call, firmware: ProductFirmware) -> list[bool]:
    """Return of each of a product's devices whether it says that it runs a version."""
    devices = (one for one in call.world.state.devices if one.product_id == firmware.product_id)
    return [one.firmware_version == firmware.version for one in devices]


def _shown(call: Call, firmware: ProductFirmware) -> dict[str, Plain]:
    return {
        "_id": firmware.id,
        "version": firmware.version,
        "title": firmware.title,
        "description": firmware.description,
        "name": firmware.name,
        "size": len(firmware.content),
        "product_default": firmware.product_default,
        "current": firmware.product_default,
        "groups": firmware.groups,
        "mandatory": firmware.mandatory,
        "uploaded_on": moment(firmware.uploaded),
        "updated_at": moment(firmware.updated),
        "product_id": firmware.product_id,
        "uploaded_by": {"username": firmware.uploaded_by},
        "device_count": sum(_runs(call, firmware)),
    }
