"""`particle usb list`: the devices attached over USB."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from particle_cli.domain.devices.found import FoundDevice, is_device_id
from particle_cli.domain.devices.modes import DeviceMode, device_mode
from particle_cli.domain.devices.roll_call import attached_devices
from particle_cli.domain.platforms.names import platform_id, platform_name
from particle_cli.entrypoints.cli.commands.device_names import account_devices
from particle_cli.entrypoints.cli.result import Plain, Result, Told
from particle_cli.ports.errors import ParticleError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from particle_cli.domain.cloud.devices import CloudDevice
    from particle_cli.entrypoints.cli.given import Given
    from particle_cli.entrypoints.wires import Wires

_SHOWN_MODES = (DeviceMode.DFU, DeviceMode.LISTENING, DeviceMode.PROTECTED)


@frozen
class Row:
    """One device.

    Attributes:
        device: the device.
        mode: its mode, as far as it tells.
        record: what the cloud knows of it, or None where it is not the person's, as far as one can tell.
    """

    device: FoundDevice
    mode: DeviceMode
    record: CloudDevice | None

    @property
    def name(self) -> str | None:
        """Its name, if it has one that can be known."""
        return self.record.shown_name if self.record else None

    @property
    def line(self) -> str:
        """The row as it is printed."""
        name = (self.name or "<no name>") if self.record else "<unknown>"
        kind = self.device.display_name
        if self.mode in _SHOWN_MODES:
            kind = f"{kind}, {self.mode.value}"
        return f"{name} [{self.device.id}] ({kind})"


class UsbDevices(Result):
    """The devices attached, by name."""

    def __init__(self, rows: Sequence[Row]) -> None:
        """Keep the rows in order."""
        self._rows = rows

    def text(self, width: int) -> str:
        """Return a line a device."""
        return "\n".join(row.line for row in self._rows) or "No devices found."

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
        records = await _records(wires) if found and _asks_the_cloud(wanted) else {}
        ids = [device.id for device in found if _passes(device, records.get(device.id), wanted)]
        return Told("\n".join(ids), [*ids])
    if not found:
        return UsbDevices(())
    records = await _records(wires)
    passing = [device for device in found if _passes(device, records.get(device.id), wanted)]
    modes = await _modes(wires, passing)
    rows = [Row(device, mode, records.get(device.id)) for device, mode in zip(passing, modes, strict=True)]
    return UsbDevices(sorted(rows, key=_place))


def _place(row: Row) -> tuple[bool, str, str]:
    return row.name is None, (row.name or "").casefold(), row.device.id


async def _records(wires: Wires) -> Mapping[str, CloudDevice]:
    """Return what the cloud knows of the person's devices, by id; nothing where it cannot be asked."""
    if wires.profile.access_token is None:
        return {}
    try:
        return {record.id: record for record in await account_devices(wires)}
    except ParticleError as error:
        wires.person.note(f"The names of the devices are not known: {error.message}")
        return {}


async def _modes(wires: Wires, devices: Sequence[FoundDevice]) -> list[DeviceMode]:
    """Ask all devices for their modes at once."""
    asked = await wires.clock.together(*(device_mode(wires.usb, wires.clock, device) for device in devices))
    modes: list[DeviceMode] = []
    for answer in asked:
        if isinstance(answer, ParticleError):
            wires.person.warn(" ".join(filter(None, (answer.message, answer.next_step))))
            answer = DeviceMode.UNKNOWN
        modes.append(answer)
    return modes


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
