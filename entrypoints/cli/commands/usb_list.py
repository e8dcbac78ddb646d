"""`particle usb list`: the devices attached over USB."""

from __future__ import annotations

from typing import TYPE_CHECKING

from particle_cli.domain.devices.roll_call import attached_devices
from particle_cli.domain.platforms.device_ids import is_device_id
from particle_cli.domain.platforms.names import platform_id, platform_name
from particle_cli.entrypoints.cli.commands.attached_rows import rows_of
from particle_cli.entrypoints.cli.commands.device_names import known_records
from particle_cli.entrypoints.cli.result import Plain, Result, Told

if TYPE_CHECKING:
    from collections.abc import Sequence

    from particle_cli.domain.cloud.devices import CloudDevice
    from particle_cli.domain.devices.found import FoundDevice
    from particle_cli.entrypoints.cli.commands.attached_rows import Row
    from particle_cli.entrypoints.cli.given import Given
    from particle_cli.entrypoints.wires import Wires


class UsbDevices(Result):
    """The devices attached, by name."""

    def __init__(self, rows: Sequence[Row]) -> None:
        """Keep the rows in order."""
        self._rows = rows

    def text(self, width: int) -> str:
        """Return a line a device."""
        return "\n".join(row.line() for row in self._rows) or "No devices found."

    def data(self) -> Plain:
        """Return an entry a device."""
        return [
            {
                "id": row.device.id,
                "name": row.name,
                "platform": platform_name(row.device.platform_id),
                "platformId": row.device.platform_id,
                "mode": row.mode.value.lower(),
            }
            for row in self._rows
        ]


async def run(given: Given, wires: Wires) -> Result:
    """List the devices that pass the filter."""
    found = await attached_devices(wires.usb)
    if given.flag("exclude-dfu"):
        found = tuple(device for device in found if not device.dfu)
    wanted = given.optional("filter")
    if given.flag("ids-only"):
        records = await known_records(wires) if found and _asks_the_cloud(wanted) else {}
        ids = [device.id for device in found if _passes(device, records.get(device.id), wanted)]
        return Told("\n".join(ids), [*ids])
    if not found:
        return UsbDevices(())
    records = await known_records(wires)
    passing = [device for device in found if _passes(device, records.get(device.id), wanted)]
    return UsbDevices(sorted(await rows_of(wires, passing, records), key=_place))


def _place(row: Row) -> tuple[bool, str, str]:
    return row.name is None, (row.name or "").casefold(), row.device.id


def _asks_the_cloud(wanted: str | None) -> bool:
    return not (wanted is None or is_device_id(wanted) or platform_id(wanted, aliases=False) is not None)


def _passes(device: FoundDevice, record: CloudDevice | None, wanted: str | None) -> bool:
    """Tell whether a device passes the filter: a state, a platform, an id or a name."""
    if wanted is None:
        return True
    if wanted in ("online", "offline"):
        return (record is not None and record.is_online) == (wanted == "online")
    if platform_id(wanted, aliases=False, public=False) == device.platform_id:
        return True
    return device.id == wanted.lower() or (record is not None and record.shown_name == wanted)
