"""The contract of the usb port once more: adapter, pyusb, real libusb, mocked kernel, simulated bus.

To be run under umockdev-wrapper; test_contract.py does.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
from tests.contract.test_usb import bench_of
from tests.contract.usb_contract import Bench, UsbContract
from tests.strangers.mock_kernel import MockKernel

from particle_cli.adapters.clock import LoopClock, PacedClock
from particle_cli.adapters.libusb.bus import LibUsb

pytestmark = pytest.mark.strangers


@pytest.mark.real_time
class TestRealLibusb(UsbContract):
    @pytest.fixture
    async def bench(self) -> AsyncIterator[Bench]:
        bench = bench_of(PacedClock(20))
        kernel = MockKernel(bench.bus, through=bench.faults)
        following = asyncio.create_task(kernel.follow())
        bench.usb, bench.clock = LibUsb(), LoopClock()
        yield bench
        following.cancel()
        with suppress(asyncio.CancelledError):
            await following
        await kernel.close()
        await bench.bus.close()
