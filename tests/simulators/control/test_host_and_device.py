"""The real host and the simulated device, through whatever may happen between them.

Both must stay in the documented states, whoever else talks to the device and whatever the cable does: every
request of the host ends in its result or in one of its errors, in bounded time; the device holds at most four
requests, forgets those that are taken back, and answers again after RESET of all.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from particle_cli.adapters.clock import LoopClock
from particle_cli.domain.control.channel import ControlChannel
from particle_cli.domain.control.errors import RequestDropped, RequestFailed, RequestTimeout
from particle_cli.domain.control.request import Request
from particle_cli.domain.control.service import parse_service_reply
from particle_cli.domain.errors import DeviceProtected, ProtocolError
from particle_cli.ports.errors import ParticleError
from particle_cli.ports.usb import Setup, UsbGone, UsbHandle, UsbStall, UsbTimeout
from particle_cli.simulators.bus.bus import SimulatedBus
from particle_cli.simulators.control.channel import MOST_ACTIVE
from particle_cli.simulators.control.channel import ControlChannel as DeviceEnd
from particle_cli.simulators.control.mode import FirmwareMode
from particle_cli.simulators.factory import new_device
from particle_cli.simulators.faults import Fault, FaultPlan, FaultyUsb
from particle_cli.simulators.firmware.boot import Mode
from particle_cli.simulators.virtual_time import VirtualRunner

T = TypeVar("T")

PHOTON, BORON, P2 = 6, 13, 32
ECHO, RESET_DEVICE, CELLULAR_ICCID = 1, 40, 554
DOCUMENTED = (
    RequestFailed,
    DeviceProtected,
    RequestTimeout,
    RequestDropped,
    ProtocolError,
    UsbStall,
    UsbTimeout,
)
MOST_EXTRA_S = 60.0
"""What lost transfers (5 s each) may add to the time-out of a request."""

hosts = st.integers(0, 1)
kinds = st.sampled_from((0, ECHO, 10, 20, 30, 70, 71, 72, 90, 100, 253, 300, CELLULAR_ICCID, 65535))
requests = st.builds(
    Request,
    st.one_of(st.just(ECHO), kinds),
    st.one_of(st.binary(max_size=80), st.integers(4090, 4200).map(bytes)),
    st.sampled_from((0.04, 0.3, 5.0, 60.0)),
)
faults = st.builds(
    FaultPlan,
    st.sampled_from((Fault.STALL, Fault.REQUEST_LOST, Fault.REPLY_LOST, Fault.GONE_BEFORE, Fault.GONE_AFTER)),
    st.integers(1, 6),
    st.integers(1, 4),
)


class HostAndDevice(RuleBasedStateMachine):
    """One device, two hosts, and a cable."""

    @initialize(platform_id=st.sampled_from((PHOTON, BORON, P2)))
    def start(self, platform_id: int) -> None:
        self.runner = VirtualRunner()
        self.runner.__enter__()
        self.clock = LoopClock()
        self.device = new_device(platform_id, small=True)
        self.bus = SimulatedBus(self.clock, records=False)
        self.usb = FaultyUsb(self.bus, self.clock, unplug=self.bus.interrupt)
        self.run(self.plug_in)

    def run(self, job: Callable[[], Awaitable[T]]) -> T:
        async def main() -> T:
            return await job()

        return self.runner.run(main())

    async def plug_in(self) -> None:
        self.bus.plug(self.device)
        await self.open()

    async def open(self) -> None:
        """Open the device twice, once it is there."""
        self.usb.plan = None
        await self.bus.settle()
        (attached,) = await self.usb.attached()
        usb = self.device.platform.usb
        assert usb
        self.handles: list[UsbHandle] = [await self.usb.open(attached) for _ in range(2)]
        self.channels = [
            ControlChannel(handle, self.clock, data_stage=usb.needs_data_stage) for handle in self.handles
        ]
        for channel in self.channels:
            await channel.open()
        assert self.end.active == 0

    @property
    def end(self) -> DeviceEnd:
        """The device's end of the channel."""
        assert self.device.usb
        conversation = self.device.usb.conversation
        assert isinstance(conversation, FirmwareMode)
        return conversation.channel

    async def present(self) -> None:
        """See to it that the device is there and open."""
        attached = await self.usb.attached()
        if self.handles[0].device not in attached or self.device.mode is Mode.DFU:
            if self.device.mode is Mode.DFU:
                self.device.reset()
            await self.open()

    # What hosts do

    async def make(self, host: int, *asked: Request) -> None:
        """Make requests, and look at how they end."""
        began = self.clock.monotonic()
        outcomes = await self.channels[host].request_all(*asked)
        took_s = self.clock.monotonic() - began
        assert took_s <= max(one.timeout_s for one in asked) + MOST_EXTRA_S
        for request, outcome in zip(asked, outcomes, strict=True):
            if isinstance(outcome, UsbGone):
                assert self.handles[host].device not in await self.usb.attached()
            elif isinstance(outcome, ParticleError):
                assert isinstance(outcome, DOCUMENTED), repr(outcome)
            elif request.kind == ECHO:
                assert outcome == request.payload

    @rule(host=hosts, asked=st.lists(requests, min_size=1, max_size=6))
    def ask(self, host: int, asked: list[Request]) -> None:
        async def job() -> None:
            await self.present()
            before = self.end.active
            await self.make(host, *asked)
            assert self.end.active <= before  # a host leaves nothing of its own behind

        self.run(job)

    @rule(first=requests, second=requests)
    def ask_at_once(self, first: Request, second: Request) -> None:
        async def job() -> None:
            await self.present()
            before = self.end.active
            await asyncio.gather(self.make(0, first), self.make(1, second))
            assert self.end.active <= before

        self.run(job)

    @rule(host=hosts, asked=st.lists(requests, min_size=1, max_size=4), plan=faults)
    def ask_through_a_bad_cable(self, host: int, asked: list[Request], plan: FaultPlan) -> None:
        async def job() -> None:
            await self.present()
            self.usb.plan = plan
            try:
                await self.make(host, *asked)
            finally:
                self.usb.plan = None

        self.run(job)

    @rule(host=hosts, asked=st.lists(requests, min_size=1, max_size=5), after_s=st.floats(0, 2))
    def be_interrupted(self, host: int, asked: list[Request], after_s: float) -> None:
        async def job() -> None:
            await self.present()
            before = self.end.active
            task = asyncio.ensure_future(self.make(host, *asked))
            await self.clock.sleep(after_s)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            if not task.cancelled() and (error := task.exception()):
                raise error
            lost = int(len(asked) > 1)  # opened just then, under an id that the host never learnt
            assert self.end.active <= before + lost

        self.run(job)

    @rule(host=hosts)
    def open_again(self, host: int) -> None:
        async def job() -> None:
            await self.present()
            await self.channels[host].open()
            assert self.end.active == 0

        self.run(job)

    @rule(host=hosts, meanwhile=requests)
    def reset(self, host: int, meanwhile: Request) -> None:
        """Reset the device, and go on talking to it as if nothing had happened."""

        async def job() -> None:
            await self.present()
            try:
                await self.channels[host].request(RESET_DEVICE)
            except DOCUMENTED:  # it had four requests of somebody else
                return
            await self.make(1 - host, meanwhile)
            await self.bus.settle()
            assert self.handles[host].device not in await self.usb.attached()

        self.run(job)

    # What others do

    @rule(
        host=hosts,
        request=st.sampled_from((1, 1, 2, 3, 4, 5)),
        value=st.sampled_from((0, 1, 5, 64, 65, 5000)),
        index=st.integers(0, 30),
        length=st.sampled_from((64, 64, 0, 1, 5, 65, 4096)),
    )
    def disturb(self, host: int, request: int, value: int, index: int, length: int) -> None:
        """Make a transfer out of all order, as a host with a defect would."""

        async def job() -> None:
            await self.present()
            handle = self.handles[host]
            try:
                if request == 3:
                    setup = Setup(0x40, request, value, index, length)
                    await handle.control_out(setup, bytes(length), timeout_ms=1000)
                    return
                answer = await handle.control_in(Setup(0xC0, request, value, index, length), timeout_ms=1000)
            except UsbStall:
                return
            except UsbTimeout:  # a request without data to an RTL872x
                assert (self.device.platform_id, request, length) == (P2, 3, 0)
                return
            assert len(answer) <= length
            if request != 4:
                assert length == 64
                parse_service_reply(answer)

        self.run(job)

    @rule()
    def reset_the_bus(self) -> None:
        if self.device.usb is not None:
            self.device.bus_reset()
            assert self.device.platform_id == P2 or self.end.active == 0

    @rule()
    def pull_the_cable(self) -> None:
        async def job() -> None:
            self.bus.unplug(self.device)
            self.bus.plug(self.device)
            await self.open()

        self.run(job)

    @invariant()
    def the_device_holds_at_most_four(self) -> None:
        if hasattr(self, "device") and self.device.usb is not None and self.device.mode is not Mode.DFU:
            assert self.end.active <= MOST_ACTIVE
            assert 1 <= self.end.next_id <= 0xFFFF

    def teardown(self) -> None:
        """However it stands: a new host gets an answer."""
        if not hasattr(self, "runner"):
            return

        async def job() -> None:
            await self.present()
            await self.channels[0].open()
            assert await self.channels[0].request(ECHO, b"still there?") == b"still there?"
            assert self.end.active == 0
            await self.bus.close()

        try:
            self.run(job)
        finally:
            self.runner.__exit__(None, None, None)


TestHostAndDevice = HostAndDevice.TestCase
TestHostAndDevice.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
