"""The transfers by which the Node CLI (particle-usb 4.2) writes memory, to measure ours against.

It erases sector by sector, then sets the address before every single chunk and asks for the status until
the device is idle again.
"""

from __future__ import annotations

from particle_cli.ports.usb import Setup, UsbHandle

_OUT, _IN = 0x21, 0xA1
_DNLOAD, _GETSTATUS = 1, 3
_BUSY = 4
_TIMEOUT_MS = 5000


async def write_as_the_peer(handle: UsbHandle, address: int, data: bytes, *, sector: int, chunk: int) -> None:
    """Erase and write a range of the alternate setting that is selected."""
    for start in range(address - address % sector, address + len(data), sector):
        await _command(handle, b"\x41" + start.to_bytes(4, "little"))
    for at in range(0, len(data), chunk):
        await _command(handle, b"\x21" + (address + at).to_bytes(4, "little"))
        await _download(handle, 2, data[at : at + chunk])


async def _command(handle: UsbHandle, payload: bytes) -> None:
    await _download(handle, 0, payload)


async def _download(handle: UsbHandle, block: int, payload: bytes) -> None:
    setup = Setup(_OUT, _DNLOAD, block, 0, len(payload))
    await handle.control_out(setup, payload, timeout_ms=_TIMEOUT_MS)
    while True:
        status = await handle.control_in(Setup(_IN, _GETSTATUS, 0, 0, 6), timeout_ms=_TIMEOUT_MS)
        if status[0]:
            raise RuntimeError(f"the device reports status {status[0]:#04x}")
        if status[4] != _BUSY:
            return
