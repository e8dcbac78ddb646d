"""A Boron in DFU mode, as scripts: its descriptors, and the parts that exchanges are made of."""

from __future__ import annotations

from tests.scripted_usb import ScriptedHandle, string_exchange

from particle_cli.adapters.clock import LoopClock
from particle_cli.domain.dfu.host import DfuHost

NRF = "09022d00010104c0320904000000fe0102060904000100fe0102070904000200fe01020809210bff0000101a01"
INTERNAL = "@Internal Flash   /0x00000000/1*004Ka,47*004Kg,192*004Kg,4*004Kg,4*004Kg,8*004Ka"
PROTECTED = "@Internal Flash   /0x00000000/1*004Kb,47*004Kb,192*004Kb,4*004Kb,4*004Kb,8*004Kb"
DCT = "@DCT Flash   /0x00000000/1*016Ke"

DATA = bytes((7 * i + (i >> 8)) & 0xFF for i in range(3072))

OPEN = f"""
    80 06 00 02 00 00 04 00 < 09022d00
    80 06 00 02 00 00 2d 00 < {NRF}
"""
ALT_0 = string_exchange(6, INTERNAL) + "01 0b 00 00 00 00 00 00"
ALT_1 = string_exchange(7, DCT) + "01 0b 01 00 00 00 00 00"
IDLE = "a1 05 00 00 00 00 01 00 < 02"
WORK = """
    a1 03 00 00 00 00 06 00 < 00 000000 04 00
    a1 03 00 00 00 00 06 00 < 00 000000 05 00
"""
ABORT = """
    a1 05 00 00 00 00 01 00 < 05
    21 06 00 00 00 00 00 00
    a1 05 00 00 00 00 01 00 < 02
"""
END_READ = """
    a1 05 00 00 00 00 01 00 < 09
    21 06 00 00 00 00 00 00
    a1 05 00 00 00 00 01 00 < 02
"""
ERASE_B4000 = "21 01 00 00 00 00 05 00 > 41 00400b00" + WORK
ADDRESS_B4000 = "21 01 00 00 00 00 05 00 > 21 00400b00" + WORK
WRITE_BLOCK_2 = f"21 01 02 00 00 00 00 0c > {DATA.hex()}" + WORK


async def opened(*scripts: str) -> tuple[DfuHost, ScriptedHandle]:
    """A host at a device that plays the script after the opening."""
    handle = ScriptedHandle(LoopClock(), OPEN, *scripts)
    return await DfuHost.open(handle, LoopClock()), handle
