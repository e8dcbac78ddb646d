"""Attached devices as they stand in lists and questions: name, id, platform and mode."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from particle_cli.domain.devices.found import FoundDevice, label
from particle_cli.domain.devices.modes import DeviceMode, device_mode
from particle_cli.ports.errors import ParticleError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from particle_cli.domain.cloud.devices import CloudDevice
    from particle_cli.entrypoints.wires import Wires


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

    def line(self, *, doubt: bool = False) -> str:
        """Return the row as it is printed.

        Args:
            doubt: whether a mode that the device does not tell is shown as UNKNOWN, or not at all.
        """
        name = (self.name or "<no name>") if self.record else "<unknown>"
        hidden = self.mode is DeviceMode.NORMAL or (self.mode is DeviceMode.UNKNOWN and not doubt)
        return label(self.device, name, "" if hidden else self.mode.value)


async def rows_of(
    wires: Wires, devices: Sequence[FoundDevice], records: Mapping[str, CloudDevice]
) -> list[Row]:
    """Ask all devices for their modes at once, and return a row for each, in their order."""
    asked = await wires.clock.together(*(device_mode(wires.usb, wires.clock, device) for device in devices))
    rows: list[Row] = []
    for device, answer in zip(devices, asked, strict=True):
        if isinstance(answer, ParticleError):
            wires.person.warn(answer.in_one_line)
            answer = DeviceMode.UNKNOWN
        rows.append(Row(device, answer, records.get(device.id)))
    return rows
