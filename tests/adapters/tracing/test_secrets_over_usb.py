"""Passwords and keys on their way over USB, as the domain sends and fetches them: none is in the trace."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from tests.adapters.tracing.reading import trace_in
from tests.domain.control.catalogue import CASES
from tests.domain.control.running_boron import concluded
from tests.domain.control.test_catalogue import opening
from tests.domain.dfu.workbench import FAMILIES, Workbench
from tests.hunting import leaks
from tests.scripted_usb import ScriptedHandle

from particle_cli.adapters.clock import LoopClock
from particle_cli.adapters.disk import Disk
from particle_cli.adapters.tracing.traced_usb import TracedHandle, TracedUsb
from particle_cli.adapters.tracing.usb_trace import begin_trace
from particle_cli.domain.control.channel import ControlChannel
from particle_cli.domain.dfu.host import DfuHost
from particle_cli.domain.dfu.memory_map import MemoryMap
from particle_cli.domain.platforms.catalogue import platform

SECRET_CASES = [case for case in CASES if case.secret]
NOISE = Random(1).randbytes(600)
SEND, RECV = 3, 4


async def test_requests_that_carry_secrets_leave_zeros(tmp_path: Path) -> None:
    clock, path = LoopClock(epoch=datetime.now(UTC)), tmp_path / "t.pcapng"
    assert len(SECRET_CASES) > 10
    for case in SECRET_CASES:
        trace = begin_trace(Disk(), str(path), program="test")
        handle = ScriptedHandle(clock, opening(case) + concluded(case.reply))
        await case.call(ControlChannel(TracedHandle(handle, trace, clock), clock, data_stage=False))
        trace.close()
        handle.assert_finished()
        asked = {one.id: one.request[1] for one in trace_in(path) if one.event == "S"}
        carried = [one for one in trace_in(path) if asked[one.id] in (SEND, RECV)]
        assert sum(len(one.data) for one in carried) == len(bytes.fromhex(case.payload + case.reply))
        assert not any(any(one.data) for one in carried), case.name


@asynccontextmanager
async def traced_host(bench: Workbench, path: Path) -> AsyncIterator[DfuHost]:
    """A host at a bootloader, with all that it does traced."""
    trace = begin_trace(Disk(), str(path), program="test")
    (attached,) = await bench.bus.attached()
    handle = await TracedUsb(bench.bus, trace, LoopClock(epoch=datetime.now(UTC))).open(attached)
    yield await DfuHost.open(handle, bench.clock)
    await handle.close()
    trace.close()


def keys_of(name: str) -> tuple[int, int]:
    """Where a device keeps its keys: alternate setting and address."""
    about = platform(FAMILIES[name])
    assert about.dfu is not None
    dct = next((one.alt for one in about.dfu.alt_settings if one.descriptor.startswith("@DC")), None)
    if dct is not None:
        return dct, 1
    region = next(one for one in about.flash_map if one.name == "device_private_key")
    setting = next(one for one in about.dfu.alt_settings if one.media == region.media)
    return setting.alt, region.start


@pytest.mark.parametrize("name", FAMILIES)
async def test_keys_on_their_way_over_dfu_leave_zeros(name: str, tmp_path: Path) -> None:
    bench, path = Workbench(FAMILIES[name]), tmp_path / "t.pcapng"
    await bench.into_dfu()
    alternate, address = keys_of(name)
    async with traced_host(bench, path) as host:
        memory: MemoryMap = await host.memory(alternate)
        await host.write(alternate, address, NOISE, erase=not memory.name.startswith("DC"))
        assert await host.read(alternate, address, len(NOISE)) == NOISE
        assert (await host.verify(alternate, address, NOISE)).__class__.__name__ == "Verified"
    assert leaks("the transfers", b"".join(one.data for one in bench.bus.transfers), [NOISE])
    assert leaks("the trace", path.read_bytes(), [NOISE]) == []
    await bench.bus.close()
