"""A Boron that runs its firmware, as scripts of control transfers."""

from __future__ import annotations

from typing import Final

from tests.scripted_usb import ScriptedHandle

from particle_cli.adapters.clock import LoopClock
from particle_cli.domain.control.channel import ControlChannel
from particle_cli.ports.usb import AttachedDevice

BORON: Final = AttachedDevice(0x2B04, 0xC00D, "e00fce68aaaaaaaaaaaaaaaa", "1-1", 7)
CHECK: Final = "c002 0000 {:02x}00 4000"
RECV: Final = "c004 0000 {:02x}00 {:02x}{:02x}"
RESET: Final = "c005 0000 {:02x}00 4000 < 01000000 0000"


def channel_to(*scripts: str, data_stage: bool = False) -> tuple[ControlChannel, ScriptedHandle]:
    """A channel, not opened, to a device that plays the scripts."""
    handle = ScriptedHandle(LoopClock(), *scripts, device=BORON)
    return ControlChannel(handle, LoopClock(), data_stage=data_stage), handle


def little(value: int, size: int) -> str:
    """The hexadecimal digits of a little-endian number."""
    return (value & ((1 << (8 * size)) - 1)).to_bytes(size, "little").hex()


def accepted(kind: int, payload: str = "", *, number: int = 1) -> str:
    """INIT, and SEND where there is a payload of up to 4096 bytes."""
    size = len(bytes.fromhex(payload))
    lines = f"c001 {little(size, 2)} {little(kind, 2)} 4000 < 03000000 0000 {little(number, 2)}\n"
    if size:
        lines += f"4003 0000 {little(number, 2)} {little(size, 2)} > {payload}\n"
    return lines


def concluded(reply: str = "", *, result: int = 0, number: int = 1) -> str:
    """CHECK of a request that is handled, and RECV where there is a reply of up to 4096 bytes."""
    size = len(bytes.fromhex(reply))
    if not size:
        return f"c002 0000 {little(number, 2)} 4000 < 09000000 0000 {little(result, 4)}\n"
    return (
        f"c002 0000 {little(number, 2)} 4000 < 0d000000 0000 {little(size, 4)} {little(result, 4)}\n"
        f"c004 0000 {little(number, 2)} {little(size, 2)} < {reply}\n"
    )


def answered(kind: int, payload: str = "", reply: str = "", *, result: int = 0, number: int = 1) -> str:
    """A request from INIT to the end, handled by the first CHECK."""
    return accepted(kind, payload, number=number) + concluded(reply, result=result, number=number)
