"""A device as the API shows it, and what the cloud notes when a device describes itself."""

from __future__ import annotations

from functools import cache

from attrs import evolve

from particle_cli.domain.firmware.versions import release_of
from particle_cli.domain.platforms.catalogue import platform
from particle_cli.simulators.cloud.account import is_cellular
from particle_cli.simulators.cloud.call import Call
from particle_cli.simulators.cloud.link import CloudDevice, describe
from particle_cli.simulators.cloud.releases import default_release
from particle_cli.simulators.cloud.replies import Plain, moment
from particle_cli.simulators.cloud.rows import DeviceRecord


def described(record: DeviceRecord, device: CloudDevice) -> DeviceRecord:
    """Return the record with what the device says of itself now."""
    said = describe(device)
    return evolve(
        record,
        functions=said.functions,
        variables=said.variables,
        system_version=said.system_version,
        safe_mode=said.safe_mode,
        protected=said.protected,
        updates_enabled=device.updates_enabled,
    )


def introduced(record: DeviceRecord, device: CloudDevice) -> DeviceRecord:
    """Return the record with all that the device says when it connects: its description, and its numbers."""
    numbers = device.numbers
    return evolve(
        described(record, device),
        serial_number=numbers.serial_number,
        mobile_secret=numbers.mobile_secret,
        mac_wifi=numbers.mac_wifi,
        imei=numbers.imei,
        iccid=numbers.iccid or record.iccid,
    )


def device_document(call: Call, record: DeviceRecord) -> dict[str, Plain]:
    """Return a device as the API shows it, as it describes itself now if it is connected.

    Args:
        call: the request; on a product's routes, more is shown.
        record: the device.
    """
    device = call.far_end(record)
    if device is not None:
        record = described(record, device)
    online = call.seems_online(record)
    document: dict[str, Plain] = {
        "id": record.id,
        "name": record.name,
        "owner": _owner(call, record),
        "last_app": None,
        "last_ip_address": "127.0.0.1" if record.last_handshake else None,
        "last_heard": moment(record.last_heard),
        "last_handshake_at": moment(record.last_handshake),
        "product_id": record.platform_id if record.product_id is None else record.product_id,
        "online": online,
        "connected": online,
        "platform_id": record.platform_id,
        "cellular": is_cellular(record.platform_id),
        "notes": record.notes,
        "functions": record.functions,
        "variables": dict(record.variables) if record.variables is not None else None,
        "status": "safe_mode" if record.safe_mode else "normal",
        "firmware_updates_enabled": record.updates_enabled,
        "firmware_updates_forced": record.updates_forced,
        "device_protection": {"status": "active" if record.protected else "disabled"},
    }
    document |= {key: value for key, value in _numbers(record).items() if value is not None}
    if record.system_version is not None:
        release = release_of(record.system_version)
        document |= {"system_firmware_version": release, "current_build_target": release}
    target = _build_target(record.platform_id)
    if target is not None:
        document["default_build_target"] = target
    if record.product_id is not None:
        document |= _of_a_product(call, record)
    return document


def _owner(call: Call, record: DeviceRecord) -> str | None:
    owner = call.world.state.users.get(record.owner_id) if record.owner_id else None
    return owner.username if owner else None


def _numbers(record: DeviceRecord) -> dict[str, Plain]:
    return {
        "serial_number": record.serial_number,
        "mobile_secret": record.mobile_secret,
        "mac_wifi": record.mac_wifi,
        "imei": record.imei,
        "iccid": record.iccid,
        "last_iccid": record.iccid,
    }


@cache
def _build_target(platform_id: int) -> str | None:
    """Return what is compiled for devices of a platform unless a release is named."""
    release = default_release(platform(platform_id))
    return release.name if release else None


def _of_a_product(call: Call, record: DeviceRecord) -> dict[str, Plain]:
    """Return what is shown of a product's devices, and what only those see who work on it."""
    shown: dict[str, Plain] = {"firmware_product_id": record.product_id, "groups": record.groups}
    if record.firmware_version is not None:
        shown["firmware_version"] = record.firmware_version
    if "product" in call.places:
        from particle_cli.simulators.cloud.product_releases import target_of

        target = target_of(call.world.state, record)
        shown |= {
            "desired_firmware_version": record.desired_firmware,
            "targeted_firmware_release_version": target.version if target else None,
            "development": record.development,
            "quarantined": record.quarantined,
            "denied": record.denied,
        }
    return shown
