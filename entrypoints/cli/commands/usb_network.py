"""`particle usb network-interfaces`: the network interfaces of devices, and their addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from particle_cli.domain.control.network import InterfaceDetails, interface, interfaces
from particle_cli.domain.devices.support import request_channel
from particle_cli.entrypoints.cli.commands.cloud_session import prefixed
from particle_cli.entrypoints.cli.commands.each_device import Job, Outcome, each_device

if TYPE_CHECKING:
    from collections.abc import Iterator

    from particle_cli.domain.devices.found import FoundDevice
    from particle_cli.entrypoints.cli.given import Given
    from particle_cli.entrypoints.cli.result import Plain, Result
    from particle_cli.entrypoints.wires import Wires

_TIMEOUT_S = 10.0


async def run(given: Given, wires: Wires) -> Result:
    """Show the interfaces of devices."""

    async def carry_out(device: FoundDevice) -> Outcome:
        with prefixed(f"Error getting network interfaces ({device.display_name} / {device.id}): "):
            async with request_channel(wires.usb, wires.clock, device) as channel:
                listed = await interfaces(channel, timeout_s=_TIMEOUT_S)
                found = [await interface(channel, one.index, timeout_s=_TIMEOUT_S) for one in listed]
        data: dict[str, Plain] = {"interfaces": [_data(one) for one in found]}
        if not found:
            return Outcome("No network interfaces found.", data)
        head = f"Device ID: {device.id} ({device.display_name})"
        lines = [line for one in found for line in _lines(one)]
        return Outcome("\n".join((head, *lines)), data, titled=True)

    return await each_device(given, wires, Job(carry_out))


def _lines(one: InterfaceDetails) -> Iterator[str]:
    """Yield the lines of one interface, as ifconfig(8) writes them."""
    yield f"\t{one.name}({_kind(one)}): flags={int(one.flags)}<{','.join(one.flag_names)}> mtu {one.mtu}"
    for v4 in one.ipv4.addresses:
        yield f"\t\tinet {v4.ip} netmask {v4.netmask}"
    for v6 in one.ipv6.addresses:
        yield f"\t\tinet6 {v6.ip} prefixlen {v6.network.prefixlen}"
    if one.mac:
        yield f"\t\tether {one.mac}"


def _data(one: InterfaceDetails) -> dict[str, Plain]:
    return {
        "index": one.index,
        "name": one.name,
        "type": _kind(one),
        "flags": list(one.flag_names),
        "flagsValue": int(one.flags),
        "mtu": one.mtu,
        "hwAddress": one.mac or None,
        "ipv4": [str(address) for address in one.ipv4.addresses],
        "ipv6": [str(address) for address in one.ipv6.addresses],
    }


def _kind(one: InterfaceDetails) -> str:
    return one.kind.name if one.kind else "UNKNOWN"
