"""The contract of the usb port, over the simulated bus, libusb's adapter and the tracer."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.bridged_backend import BridgedBackend
from tests.contract.usb_contract import Bench, UsbContract

from particle_cli.adapters.clock import LoopClock, PacedClock
from particle_cli.adapters.disk import Disk
from particle_cli.adapters.libusb.backend import Context
from particle_cli.adapters.libusb.bus import LibUsb
from particle_cli.adapters.tracing.traced_usb import TracedUsb
from particle_cli.adapters.tracing.usb_trace import begin_trace
from particle_cli.domain.platforms.names import platform_id
from particle_cli.ports.clock import Clock
from particle_cli.ports.usb import Usb, UsbUnavailable
from particle_cli.simulators.bus.bus import SimulatedBus
from particle_cli.simulators.factory import new_device
from particle_cli.simulators.faults import FaultyUsb


def bench_of(clock: Clock, *, tells_serials: bool = True) -> Bench:
    """A bench whose port is the simulated bus itself."""
    boron = platform_id("boron")
    assert boron is not None
    bus, device = SimulatedBus(clock, tells_serials=tells_serials), new_device(boron, small=True)
    bus.plug(device, "1-1")
    faulty = FaultyUsb(bus, clock, unplug=lambda attached: bus.unplug(bus.device_of(attached)))
    return Bench(faulty, clock, clock, bus, faulty, device)


class TestSimulatedBus(UsbContract):
    @pytest.fixture(params=[True, False], ids=["tells serial numbers", "tells none"])
    async def bench(self, request: pytest.FixtureRequest) -> AsyncIterator[Bench]:
        bench = bench_of(LoopClock(), tells_serials=request.param)
        yield bench
        await bench.bus.close()


class TestTraced(UsbContract):
    """The tracer round the simulated bus."""

    @pytest.fixture
    async def bench(self, tmp_path: Path) -> AsyncIterator[Bench]:
        bench = bench_of(LoopClock(epoch=datetime.now(UTC)))
        trace = begin_trace(Disk(), str(tmp_path / "usb.pcapng"), program="test")
        bench.usb = TracedUsb(bench.usb, trace, bench.clock)
        yield bench
        trace.close()
        assert trace.failure is None
        await bench.bus.close()


@pytest.mark.real_time
class TestLibusbToSimulatedBus(UsbContract):
    """pyusb and the adapter with its threads, and a simulated world that runs 100 times as fast."""

    @pytest.fixture
    async def bench(self, tmp_path: Path) -> AsyncIterator[Bench]:
        bench = bench_of(PacedClock(100))
        backend = BridgedBackend(bench.usb)
        bench.usb = LibUsb(lambda: Context(backend), sysfs=str(tmp_path))  # type: ignore[arg-type]
        bench.clock = LoopClock()
        yield bench
        await bench.bus.close()


@pytest.mark.real_time
@pytest.mark.skipif(
    sys.platform.startswith("linux") and not os.path.isdir("/sys/bus/usb"),
    reason="this kernel has no USB (/sys/bus/usb is missing)",
)
class TestLibusbOfThisMachine:
    """Whatever is plugged in here: it can be listed, and nothing is opened."""

    @pytest.fixture
    def usb(self) -> Usb:
        return LibUsb()

    async def test_the_list_stays_the_same_while_nothing_happens(self, usb: Usb) -> None:
        try:
            listed = await usb.attached()
        except UsbUnavailable as unavailable:
            pytest.skip(unavailable.message)
        assert await usb.attached() == listed
        assert await usb.changed(listed, timeout_ms=60) == listed
        assert [device.arrival for device in listed] == list(range(1, len(listed) + 1))
