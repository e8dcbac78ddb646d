"""Firmware over the air: what is asked for, sent to the device, and told of in events.

The cloud sends what it is given and leaves judging it to the device. An update goes on, over as many resets
as it takes, until the device runs its application: one that lacks the Device OS or the assets that its new
application needs comes back in safe mode, and is sent what is missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from particle_cli.ports.http import HttpResponse, Part
from particle_cli.simulators.cloud.broker import CLOUD_ITSELF
from particle_cli.simulators.cloud.call import Call, Surroundings
from particle_cli.simulators.cloud.device_events import device_event
from particle_cli.simulators.cloud.link import CloudDevice
from particle_cli.simulators.cloud.replies import Plain, Refusal, refused, reply
from particle_cli.simulators.cloud.rows import DeviceRecord
from particle_cli.simulators.cloud.update_rows import OpenUpdate
from particle_cli.simulators.firmware import system_error
from particle_cli.simulators.firmware.boot import Mode

GIVEN_UP_AFTER_S: Final = 1.0
"""Modelled time until the cloud knows that nobody answers."""
_KNOWN_APP: Final = "tinker"
_STATUS: Final = "spark/flash/status"


async def flash(call: Call, record: DeviceRecord) -> HttpResponse:
    """Send a device what came with the request: a binary, a bundle, sources, or the name of a known app."""
    _refuse_second(call.world, record)
    done: Plain = {"id": record.id, "status": "Update started"}
    if not call.files:
        files: Sequence[bytes] = (_known_app(call, record),)
    elif _is_one(call.files, ".bin"):
        files = (call.files[0].content,)
    elif _is_one(call.files, ".zip"):
        files = _unpacked(call.files[0])
    else:
        built = await _compiled(call, record)
        if isinstance(built, HttpResponse):
            return built
        files, done = (built,), {"ok": True, "message": "Update started"}
    if call.far_end(record) is None:
        await call.world.clock.sleep(GIVEN_UP_AFTER_S)
    start_update(call.world, record, files)
    return reply(done)


def start_update(world: Surroundings, record: DeviceRecord, files: Sequence[bytes]) -> None:
    """Begin to send firmware to a device that is online; its events tell how it goes on.

    Args:
        world: what handlers work with.
        record: the device.
        files: the application (or another module), then the assets that it wants beside it, as modules.

    Raises: Refusal when the device can't be reached, or takes firmware already.
    """
    _refuse_second(world, record)
    device = world.devices.get(record.id)
    if device is None or not device.online:
        raise Refusal(500, {"ok": False, "code": 500, "errors": ["Request Timed Out"]})
    world.state.open_updates.put(OpenUpdate(record.id, tuple(files[1:])))
    _send(world, record, device, files[:1])


def go_on(world: Surroundings, record: DeviceRecord, device: CloudDevice) -> None:
    """See at the begin of a session whether the device runs its application, and help it on if it doesn't.

    Only after an update is it helped: a device that came into safe mode in another way stays in it.
    """
    if device.mode is not Mode.SAFE:
        world.state.open_updates.remove(record.id)
        return
    from particle_cli.simulators.cloud.safe_mode import description, next_module

    _tell(world, record, "spark/status/safe-mode", description(device))
    update = world.state.open_updates.get(record.id)
    if update is None:
        return
    module = next_module(record.platform_id, device.modules)
    if module is not None:
        _tell(world, record, "spark/safe-mode-updater/updating", str(module.index), source=CLOUD_ITSELF)
        _send(world, record, device, (module.content,))
    elif update.assets:
        _send(world, record, device, update.assets)


def _send(world: Surroundings, record: DeviceRecord, device: CloudDevice, files: Sequence[bytes]) -> None:
    """Send module files to a device; it resets when it has them all."""

    def ended(result: int) -> None:
        if result and result != system_error.TIMEOUT:
            world.state.open_updates.remove(record.id)
        _tell(world, record, _STATUS, "failed " if result else "success ")

    _tell(world, record, _STATUS, "started ")
    device.take_firmware(files, ended)


def _tell(
    world: Surroundings, record: DeviceRecord, name: str, data: str, *, source: str | None = None
) -> None:
    """Publish an event of a device, as it is known now, or one about it from another source."""
    known = world.state.devices.get(record.id) or record
    world.broker.publish(device_event(world, known, name, data, source=source))


def _refuse_second(world: Surroundings, record: DeviceRecord) -> None:
    device = world.devices.get(record.id)
    if device is not None and device.receiving:
        raise refused(409, "Another update of this device is in progress")


# What is sent


def _is_one(files: Sequence[Part], extension: str) -> bool:
    return len(files) == 1 and (files[0].filename or "").endswith(extension)


def _known_app(call: Call, record: DeviceRecord) -> bytes:
    """Return the application that the request names, as it belongs to the device's Device OS."""
    name = call.text("app")
    if name == _KNOWN_APP:
        from particle_cli.simulators.cloud.safe_mode import application_of

        found = application_of(record.platform_id, record.system_version)
        if found is not None:
            return found
    raise Refusal(500, {"ok": False, "code": 500, "errors": [f"Can't flash unknown app {name}"]})


def _unpacked(part: Part) -> Sequence[bytes]:
    """Return the modules of a bundle, the application first. Raises: Refusal."""
    from particle_cli.domain.firmware.assets import bundle_modules
    from particle_cli.domain.firmware.bundle import open_bundle
    from particle_cli.domain.firmware.errors import FirmwareError
    from particle_cli.domain.firmware.module import write_module

    if part.content_type != "application/zip":
        raise refused(400, "A bundle has to come as application/zip")
    try:
        bundle = open_bundle(part.content, name=part.filename or "bundle")
        modules = bundle_modules(bundle)
        return (bundle.application.data, *(write_module(module) for _, module in modules[1:]))
    except FirmwareError as fault:
        raise refused(400, fault.message) from fault


async def _compiled(call: Call, record: DeviceRecord) -> bytes | HttpResponse:
    """Return what the sources come to, or what the compiler has to say against them. Raises: Refusal."""
    from particle_cli.simulators.cloud.binaries import compile_files
    from particle_cli.simulators.cloud.compiler.sources import CompilerErrors

    try:
        return (await compile_files(call, record.platform_id)).binary
    except CompilerErrors as errors:
        spoken = "build didn't produce binary"
        return reply({"ok": False, "output": spoken, "stdout": "", "errors": [errors.text]})
