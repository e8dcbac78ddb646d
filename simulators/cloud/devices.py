"""The devices of an account: what is known of them, and what is passed on to them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

from attrs import evolve

from particle_cli.ports.http import HttpResponse
from particle_cli.simulators.cloud.account import is_cellular
from particle_cli.simulators.cloud.call import Call
from particle_cli.simulators.cloud.device_document import device_document
from particle_cli.simulators.cloud.link import CloudDevice
from particle_cli.simulators.cloud.replies import Plain, moment, number, refused, reply, timed_out
from particle_cli.simulators.cloud.rows import DeviceRecord
from particle_cli.simulators.cloud.sessions import end_session, tell_of_updates
from particle_cli.simulators.firmware.application import Value

T = TypeVar("T")

WIFI_ROUND_TRIP_S: Final = 0.08
CELLULAR_ROUND_TRIP_S: Final = 0.35
"""Modelled time from the cloud's question to a device's answer."""
OFFLINE_AFTER_S: Final = 1.0
"""Modelled time until the cloud knows that nobody answers."""
MUTE_AFTER_S: Final = 30.0
"""Modelled time for which it waits for a device that should be there."""

_NAME_LIMIT: Final = 128
_TRUE: Final = ("1", "true")


async def list_all(call: Call) -> HttpResponse:
    """List the caller's devices, newest session first."""
    return reply([device_document(call, record) for record in call.world.state.devices_of(call.user.id)])


async def show(call: Call) -> HttpResponse:
    """Show one device, as it describes itself now if it is connected."""
    return reply(device_document(call, call.device()))


async def call_function(call: Call) -> HttpResponse:
    """Pass a call on to the device and return what it answers."""
    record, name = call.device(), call.places["item"]
    argument = call.text("args") or call.text("arg")
    device = call.far_end(record)
    if name not in (device.functions if device else record.functions or (name,)):
        raise refused(404, f"Function {name} not found")
    limit = _argument_limit(record)
    if len(argument.encode(errors="replace")) > limit:
        raise refused(400, f"Function argument is longer than {limit} bytes")
    returned = await _ask(
        call, record, lambda device: device.call(name, argument), f"Function {name} not found"
    )
    returned = (int(returned) + 2**31) % 2**32 - 2**31  # what an int32 keeps of it
    if call.text("format") == "raw":
        return reply(returned)
    return reply(
        {
            "id": record.id,
            "name": record.name,
            "last_app": "",
            "connected": True,
            "return_value": returned,
        }
    )


async def get_variable(call: Call) -> HttpResponse:
    """Ask the device for a variable and return its value."""
    record, name = call.device(), call.places["item"]
    device = call.far_end(record)
    known = device.variables if device else dict(record.variables or ((name, ""),))
    if name not in known:
        raise refused(404, f"Unknown Variable: {name}")
    value = await _ask(call, record, lambda device: device.variable(name), f"Unknown Variable: {name}")
    result: Value | None = number(value) if isinstance(value, float) else value
    if call.query.get("format") == "raw":
        return reply(result)
    heard = call.world.state.devices.get(record.id) or record
    core: dict[str, Plain] = {
        "name": record.name,
        "deviceID": record.id,
        "connected": True,
        "last_app": "",
        "last_heard": moment(heard.last_heard),
        "last_handshake_at": moment(heard.last_handshake),
        "product_id": record.platform_id if record.product_id is None else record.product_id,
    }
    return reply({"cmd": "VarReturn", "name": name, "result": result, "coreInfo": core})


async def _ask(call: Call, record: DeviceRecord, question: Callable[[CloudDevice], T], missing: str) -> T:
    """Put a question to a device over its network; the answer takes its time.

    Raises: Refusal: nobody answers, or the application has nothing of that name any more.
    """
    world = call.world
    if call.far_end(record) is None:
        await _wait_in_vain(call, record)
        raise timed_out()
    cellular = is_cellular(record.platform_id)
    await world.clock.sleep(CELLULAR_ROUND_TRIP_S if cellular else WIFI_ROUND_TRIP_S)
    device = call.far_end(record)
    if device is None:
        raise timed_out()
    try:
        answer = question(device)
    except LookupError:
        raise refused(404, missing) from None
    kept = world.state.devices.get(record.id)
    if kept is not None:
        world.state.devices.put(evolve(kept, last_heard=world.now))
    return answer


async def _wait_in_vain(call: Call, record: DeviceRecord) -> None:
    """Wait for the answer of a device that is not there: longer where the cloud believes that it is."""
    await call.world.clock.sleep(MUTE_AFTER_S if call.seems_online(record) else OFFLINE_AFTER_S)


def _argument_limit(record: DeviceRecord) -> int:
    """Return how many bytes an argument may have, by Device OS version and generation of the device."""
    from particle_cli.domain.platforms.catalogue import platform

    version = record.system_version or 0
    if version < 300:
        return 63
    if version < 3000:
        return 622
    return 864 if platform(record.platform_id).generation == 2 else 1024


async def change(call: Call) -> HttpResponse:
    """Rename a device, note something about it, force updates on it, have it signal, or send it firmware."""
    record = call.device()
    if call.files or "app" in call.fields:
        from particle_cli.simulators.cloud.updates import flash

        return await flash(call, record)
    if "signal" in call.fields:
        return await _signal(call, record)
    said: dict[str, Plain] = {key: call.text(key) for key in ("name", "notes") if key in call.fields}
    if "name" in said:
        if not 0 < len(call.text("name").strip()) <= _NAME_LIMIT:
            raise refused(400, f"A name has 1 to {_NAME_LIMIT} characters")
        record = evolve(record, name=call.text("name"))
    if "notes" in said:
        record = evolve(record, notes=call.text("notes"))
    if "product" in call.places:
        from particle_cli.simulators.cloud.product_devices import changed_in_product

        record, more = changed_in_product(call, record)
        said |= more
    dated: dict[str, Plain] = {"updated_at": moment(call.world.now)} if said else {}
    if "firmware_updates_forced" in call.fields:
        said["firmware_updates_forced"] = forced = call.text("firmware_updates_forced") in _TRUE
        record = evolve(record, updates_forced=forced)
        _force_updates(call, record)
    if not said:
        raise refused(400, "Nothing to do?")
    call.world.state.devices.put(record)
    if "product" in call.places and call.text("flash") in _TRUE:
        from particle_cli.simulators.cloud.product_releases import bring_up_to_date

        bring_up_to_date(call.world, record)
    return reply({"id": record.id, **said, **dated})


def _force_updates(call: Call, record: DeviceRecord) -> None:
    """Let a device know whether it has to take firmware; one that is away learns it when it connects."""
    device = call.far_end(record)
    if device is not None and device.updates_forced != record.updates_forced:
        tell_of_updates(call.world, record, device)


async def _signal(call: Call, record: DeviceRecord) -> HttpResponse:
    if call.far_end(record) is None:
        await _wait_in_vain(call, record)
        text = "Timed out, didn't hear back from device service"
        return reply({"ok": False, "code": 500, "errors": [{"error": text}]}, 500)
    wanted = call.text("signal") in _TRUE
    call.world.state.devices.put(evolve(record, signaling=wanted))
    return reply({"id": record.id, "connected": True, "signaling": wanted})


async def ping(call: Call) -> HttpResponse:
    """Tell whether a device answers; the cloud then knows better about one that it believed to be online."""
    record = call.device()
    if call.far_end(record) is None and call.seems_online(record):
        await _wait_in_vain(call, record)
        end_session(call.world, record.id)
    return reply({"online": call.far_end(record) is not None, "ok": True})
