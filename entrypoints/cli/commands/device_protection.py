"""`particle device-protection status|enable|disable`: Device Protection of a device attached over USB."""

from __future__ import annotations

from typing import TYPE_CHECKING

from particle_cli.domain.cloud.devices import CloudDevice, get_device
from particle_cli.domain.cloud.protection import product_protects
from particle_cli.domain.devices.finding import find_device
from particle_cli.domain.devices.modes import to_normal
from particle_cli.domain.devices.service_mode import end_service_mode, enter_service_mode, protection_of
from particle_cli.domain.dfu.protection import Protection
from particle_cli.entrypoints.cli.commands.cloud_session import cloud_session
from particle_cli.entrypoints.cli.commands.device_choice import device_word, one_device
from particle_cli.entrypoints.cli.result import Result, Told
from particle_cli.ports.errors import ParticleError

if TYPE_CHECKING:
    from particle_cli.domain.devices.found import FoundDevice
    from particle_cli.entrypoints.cli.given import Given
    from particle_cli.entrypoints.wires import Wires

_PATIENCE_S = 15.0  # for what is only shown
_STANDINGS = {
    Protection.OPEN: ("Open Device", "Run particle device-protection enable to make it a Protected Device."),
    Protection.PROTECTED: (
        "Protected Device",
        "Run particle device-protection disable to put it in Service Mode.",
    ),
    Protection.SERVICE_MODE: (
        "Protected Device (Service Mode)",
        "Run particle device-protection enable to take it out of Service Mode.",
    ),
}


class ProductUnprotected(ParticleError):
    """The device is in no product whose devices are to be protected."""

    code = "product_unprotected"


class _Device:
    """The device that is meant, and what the cloud knows of it."""

    def __init__(self, found: FoundDevice, record: CloudDevice | None, product: str | None) -> None:
        self.found = found
        self.record = record
        self.product = product

    @property
    def label(self) -> str:
        return f"[{self.found.id}] (Product {self.product or 'N/A'})"

    def told(self, sentence: str, protection: Protection, *more: str, changed: bool = False) -> Result:
        lines = (f"{self.label} {sentence}", *more)
        return Told("\n".join(lines), self.data(protection, changed=changed))

    def data(self, protection: Protection, **more: bool) -> dict[str, str | bool | None]:
        return {"id": self.found.id, "product": self.product, "protection": protection.value, **more}


async def status(given: Given, wires: Wires) -> Result:
    """Tell how a device stands with its protection."""
    device = await _device(given, wires)
    protection = await protection_of(wires.usb, wires.clock, device.found)
    standing, advice = _STANDINGS[protection]
    return Told(f"{device.label}: {standing}\n{advice}", device.data(protection))


async def disable(given: Given, wires: Wires) -> Result:
    """Put a protected device into service mode."""
    device = await _device(given, wires)
    protection = await protection_of(wires.usb, wires.clock, device.found)
    if protection is Protection.OPEN:
        return device.told("is not a Protected Device.", protection, changed=False)
    lasts = "A Protected Device stays in Service Mode for a total of 20 reboots or 24 hours."
    if protection is Protection.SERVICE_MODE:
        return device.told("is already in Service Mode.", protection, lasts)
    if given.flag("dry-run"):
        return device.told("would be put in Service Mode.", protection)
    await enter_service_mode(
        wires.usb,
        wires.clock,
        device.found,
        lambda: cloud_session(wires),
        product=given.text("product"),
    )
    return device.told("is now in Service Mode.", Protection.SERVICE_MODE, lasts, changed=True)


async def enable(given: Given, wires: Wires) -> Result:
    """Make an open device a protected one, or take a protected one out of service mode."""
    device = await _device(given, wires)
    protection = await protection_of(wires.usb, wires.clock, device.found)
    if protection is Protection.PROTECTED:
        return device.told("is already a Protected Device.", protection)
    if given.flag("dry-run"):
        return device.told("would become a Protected Device.", protection)
    if protection is Protection.SERVICE_MODE:
        await end_service_mode(wires.usb, wires.clock, device.found)
        return device.told("is now a Protected Device.", Protection.PROTECTED, changed=True)
    path = given.text("file")
    if path is None:
        await _check_product(wires, device)
    await _flash_bootloader(wires, device.found, path)
    now = await protection_of(wires.usb, wires.clock, await find_device(wires.usb, device.found.id))
    if now is Protection.OPEN:
        raise ParticleError(
            f"{device.label} took the bootloader and is an Open Device all the same.",
            next_step="See with particle serial inspect which bootloader it runs.",
        )
    if device.record is not None and device.record.development:
        wires.person.note(
            "It is marked as a development device, so the firmware of its product does not reach it: should "
            "its bootloader be replaced, nobody else protects it again."
        )
    return device.told("is now a Protected Device.", now, changed=True)


async def _device(given: Given, wires: Wires) -> _Device:
    """Return the device that is meant. Raises: as `one_device`."""
    found = await one_device(wires, device_word(given, by_flag_only=True))
    record = await _record(wires, found.id, given.text("product"))
    product = given.text("product")
    if product is None and record is not None and record.product_id not in (None, record.platform_id):
        product = str(record.product_id)
    return _Device(found, record, product)


async def _record(wires: Wires, number: str, product: str | None) -> CloudDevice | None:
    """Return what the cloud knows of a device; nothing where it cannot be asked."""
    try:
        if wires.session.in_use.value is None:
            return None
        async with wires.clock.timeout(_PATIENCE_S), cloud_session(wires) as client:
            return await get_device(client, number, product=product)
    except ParticleError as error:
        wires.person.note(f"The product of the device is not known: {error.message}")
        return None


async def _check_product(wires: Wires, device: _Device) -> None:
    """Refuse a device whose product does not want it protected. Raises: ProductUnprotected, CloudError."""
    if device.product is not None:
        async with cloud_session(wires) as client:
            if await product_protects(client, device.product):
                return
    raise ProductUnprotected(
        f"{device.label} is not in a product that supports Device Protection.",
        next_step="Add it to such a product, or name the file of a bootloader with --file.",
    )


async def _flash_bootloader(wires: Wires, device: FoundDevice, path: str | None) -> None:
    from particle_cli.domain.flashing.execute import flash
    from particle_cli.domain.flashing.protecting import plan_protection
    from particle_cli.entrypoints.cli.commands.flash import workbench

    running = await to_normal(wires.usb, wires.clock, device)
    plan = await plan_protection(running, workbench(wires), path)
    again = f"particle device-protection enable --device {device.id}" + (f" --file {path}" if path else "")
    await flash(plan, running, usb=wires.usb, clock=wires.clock, person=wires.person, again=again)
