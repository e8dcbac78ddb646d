"""The host with devices that talk nonsense, and at random work on a wire that fails at random."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from attrs import frozen
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.domain.dfu.boron import INTERNAL, NRF
from tests.domain.dfu.workbench import FAMILIES, Workbench, application_place
from tests.scripted_usb import ScriptedHandle, string_descriptor

from particle_cli.adapters.clock import LoopClock
from particle_cli.domain.dfu.host import DfuHost
from particle_cli.domain.dfu.verification import Verified
from particle_cli.ports.errors import ParticleError
from particle_cli.ports.usb import Setup, UsbGone, UsbStall, UsbTimeout
from particle_cli.simulators.faults import Fault, FaultPlan
from particle_cli.simulators.firmware.boot import Mode
from particle_cli.simulators.virtual_time import VirtualTimeLoop

SIZE = 0x8000
STATES = st.integers(0, 11).map(lambda state: bytes((state,)))
REPORTS = st.builds(
    lambda status, poll_ms, state, text: (
        bytes((status,)) + poll_ms.to_bytes(3, "little") + bytes((state, text))
    ),
    st.sampled_from([0, 0, 0, 0x0B, 0x0E, 0xFF]),
    st.sampled_from([0, 0, 1, 500, 0xFFFFFF]),
    st.integers(0, 11),
    st.sampled_from([0, 10]),
)


class Rambler(ScriptedHandle):
    """A device that describes itself well, and then does what comes into its head."""

    def __init__(self, whims: list[bytes | type[ParticleError]]) -> None:
        super().__init__(LoopClock())
        self._whims = iter(whims)

    def _play(self, setup: Setup, data: bytes) -> bytes:
        if setup.request == 6 and setup.value >> 8 == 2:
            return bytes.fromhex(NRF)[: setup.length]
        if setup.request == 6:
            return string_descriptor(INTERNAL)[: setup.length]
        if setup.request == 0x0B:
            return b""
        whim = next(self._whims, b"\x02")
        if isinstance(whim, bytes):
            return whim[: setup.length]
        raise whim("so there")


@settings(deadline=None)
@given(
    st.lists(STATES | REPORTS | st.binary(max_size=6) | st.sampled_from([UsbStall, UsbTimeout]), max_size=40),
    st.sampled_from(["write", "read", "verify", "leave", "safe mode"]),
)
def test_nonsense_ends_in_an_error_or_a_result(whims: list[bytes | type[ParticleError]], work: str) -> None:
    async def talk() -> None:
        host = await DfuHost.open(Rambler(whims), LoopClock())
        with suppress(ParticleError):
            if work == "write":
                await host.write(0, 0xB_4000, bytes(5000))
            elif work == "read":
                assert len(await host.read(0, 0xB_4000, 5000)) == 5000
            elif work == "verify":
                await host.verify(0, 0xB_4000, bytes(5000))
            elif work == "leave":
                await host.leave()
            else:
                await host.enter_safe_mode()

    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        runner.run(talk())


@frozen
class Deed:
    """Something that a host does, on a wire that may fail once in the meantime."""

    start: int
    data: bytes
    descending: bool
    fault: Fault
    at: int


DEEDS = st.builds(
    Deed,
    start=st.integers(0, 6).map(lambda sector: sector * 0x1000),
    data=st.binary(min_size=1, max_size=20).map(lambda seed: (seed * 500)[:4099]),
    descending=st.booleans(),
    fault=st.sampled_from(list(Fault)),
    at=st.integers(1, 40),
)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["boron", "tracker", "p2"]), st.lists(DEEDS, min_size=1, max_size=4))
def test_memory_holds_what_was_written_last(family: str, deeds: list[Deed]) -> None:
    """Erasing is by sectors of 4 KiB; what a failed write leaves in its own sectors is not known."""

    async def work() -> None:
        bench = Workbench(FAMILIES[family])
        await bench.into_dfu()
        place = application_place(bench.device)
        content = bench.content(place, SIZE)
        known = bytearray(b"\1" * SIZE)
        for deed in deeds:
            end = -(-(deed.start + len(deed.data)) // 0x1000) * 0x1000
            done = await carry_out(bench, deed)
            after = bench.content(place, SIZE)
            if done:
                erased = deed.data.ljust(end - deed.start, b"\xff")
                content = content[: deed.start] + erased + content[end:]
            known[deed.start : end] = bytes((done,)) * (end - deed.start)
            assert all(a == b for a, b, sure in zip(content, after, known, strict=True) if sure)
            content = after

    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        runner.run(work())


async def carry_out(bench: Workbench, deed: Deed) -> bool:
    """Write and verify; tell whether it was done. A lost transfer must not keep it from being done."""
    if bench.device.mode is not Mode.DFU:
        await bench.into_dfu()
    bench.usb.plan = FaultPlan(deed.fault, len(bench.usb.seen) + deed.at)
    place = application_place(bench.device)
    try:
        return await asyncio.create_task(_write_and_verify(bench, deed, place.alternate, place.address))
    except UsbGone:
        assert deed.fault in (Fault.GONE_BEFORE, Fault.GONE_AFTER)
    except asyncio.CancelledError:
        assert deed.fault in (Fault.CANCELLED_BEFORE, Fault.CANCELLED_AFTER)
    await bench.bus.settle()
    return False


async def _write_and_verify(bench: Workbench, deed: Deed, alternate: int, base: int) -> bool:
    async with bench.host() as host:
        blocks = range(-(-len(deed.data) // host.transfer_size))
        order = tuple(reversed(blocks)) if deed.descending else tuple(blocks)
        await host.write(alternate, base + deed.start, deed.data, order=order)
        assert await host.verify(alternate, base + deed.start, deed.data) == Verified(len(deed.data))
    return True
