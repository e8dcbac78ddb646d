"""The conversation with one bootloader: its requests, waiting for it, and the way back from any state.

Theory of operation. A DNLOAD only hands something over (dfuDNLOAD-SYNC); the GETSTATUS after it starts the
work and says dfuDNBUSY; the next one says how it ended. When all goes well that makes three transfers for
each command and each block. When anything is in doubt (a stall, no answer, an unexpected state) nothing is
concluded from it: the bootloader is brought back to dfuIDLE, and the same thing is done again.

The way back begins with GETSTATE, since GETSTATUS has effects: it starts what was handed over, and after a
leave it starts the reset. A Gen 3 bootloader takes a GETSTATE in dfuDNBUSY, dfuMANIFEST and
dfuMANIFEST-WAIT-RESET as an error, stalls and goes to dfuERROR: reason to look again, no more.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Final, TypeVar

from particle_cli.domain.dfu.errors import DfuError, DfuFailed, DfuRefused
from particle_cli.domain.dfu.policy import Patience
from particle_cli.domain.dfu.protocol import (
    COMMAND_BLOCK,
    REPORT_SIZE,
    Report,
    Request,
    State,
    Status,
    from_device,
    parse_report,
    set_address,
    state_name,
    to_device,
)
from particle_cli.domain.errors import DeviceProtected, ProtocolError
from particle_cli.ports.clock import Clock
from particle_cli.ports.usb import UsbGone, UsbHandle, UsbStall, UsbTimeout

T = TypeVar("T")

TOWARDS_IDLE: Final[Mapping[int, Request | None]] = {
    State.ERROR: Request.CLRSTATUS,
    State.DNLOAD_SYNC: Request.ABORT,
    State.DNLOAD_IDLE: Request.ABORT,
    State.UPLOAD_IDLE: Request.ABORT,
    State.MANIFEST_SYNC: Request.ABORT,
    State.DNBUSY: None,
    State.MANIFEST: None,
    State.MANIFEST_WAIT_RESET: None,
}
"""What leads from a state to dfuIDLE; None: only time does. In a state that DFU does not know CLRSTATUS is an
error, and so leads to dfuERROR, from where it is no error."""

_FIRST_QUIET_S: Final = 0.005
_LONGEST_QUIET_S: Final = 0.5


class Unfinished(Exception):
    """The bootloader answered, but did not do what it was to do. Never leaves this package.

    Attributes:
        report: what it reported, or None where it just sent too little.
    """

    def __init__(self, said: str, report: Report | None = None) -> None:
        """Keep what was said, in words, and the report."""
        super().__init__(said)
        self.report = report


Fault = UsbStall | UsbTimeout | Unfinished


class DfuLink:
    """One bootloader on one USB handle.

    Attributes:
        pointer: the address that the bootloader's address pointer surely has, or None.
        patience: how long to wait, and how often to try.
        device: what messages call the device.
    """

    def __init__(self, handle: UsbHandle, clock: Clock, interface: int, patience: Patience) -> None:
        """Speak to the DFU interface of that number; sends nothing yet."""
        self._handle = handle
        self._clock = clock
        self._interface = interface
        self.patience = patience
        self.pointer: int | None = None
        attached = handle.device
        self.device = f"Device {attached.serial}" if attached.serial else f"The device at {attached.bus_path}"

    async def perform(self, block: int, data: bytes | memoryview, *, secret: bool = False) -> None:
        """Hand a command (block 0) or data over, and wait until the bootloader is done with it.

        Args:
            block: 0 for a command, else the number of the block.
            data: the command or the block's content.
            secret: whether it holds keys or passwords.

        Raises: Unfinished, UsbStall, UsbTimeout, after which nothing is known; UsbGone.
        """
        await self._send(Request.DNLOAD, block, data, secret=secret)
        report = await self._settled()
        if report.status != Status.OK or report.state != State.DNLOAD_IDLE:
            raise Unfinished(report.summary, report)

    async def point(self, address: int) -> None:
        """Set the address pointer, unless it is there already; as `perform`."""
        if self.pointer != address:
            await self.perform(COMMAND_BLOCK, set_address(address))
            self.pointer = address

    async def upload(self, block: int, length: int, *, secret: bool = False) -> bytes:
        """Return up to `length` bytes of a block, perhaps secret. Raises: UsbStall, UsbTimeout, UsbGone."""
        setup = from_device(
            Request.UPLOAD, value=block, interface=self._interface, length=length, secret=secret
        )
        return await self._handle.control_in(setup, timeout_ms=self.patience.transfer_ms)

    async def to_idle(self) -> Report | None:
        """Bring the bootloader to dfuIDLE from whatever state it is in.

        Returns: the error that it was in, or None.
        Raises: DfuFailed when it cannot be brought there; UsbGone.
        """
        error: Report | None = None
        last = "it does not tell its state"
        for _ in range(self.patience.looks):
            try:
                state = await self._state()
                if state == State.IDLE:
                    return error
                last = f"it stays in {state_name(state)}"
                if state == State.ERROR:
                    error = await self._report()
                await self._towards_idle(state)
            except (UsbStall, UsbTimeout):
                continue
        raise DfuFailed(
            f"{self.device} cannot be brought to a state for work: {last}.",
            next_step="Unplug the device, plug it in again, and put it in DFU mode.",
        )

    async def insist(self, doing: str, once: Callable[[], Awaitable[T]]) -> T:
        """Do something that may be done again until it succeeds, from dfuIDLE after each failure.

        Args:
            doing: what is done, for the message, e.g. `erasing the sector at 0xB4000`.
            once: does it once.

        Raises: DfuFailed when it never succeeded; DeviceProtected, DfuRefused; UsbGone.
        """
        fault: Fault | None = None
        said = ""
        for attempt in range(self.patience.attempts):
            if attempt:
                await self._clock.sleep(self.patience.pause_s)
            try:
                return await once()
            except (UsbStall, UsbTimeout, Unfinished) as failure:
                fault = failure
                said = await self._recover(failure)
        raise DfuFailed(
            f"{self.device}: {doing} failed: {said}.",
            next_step="Run the command again; the device waits in DFU mode. If it fails once more, "
            "unplug the device, plug it in, put it in DFU mode by its buttons, and try again.",
        ) from fault

    async def depart(self, block: int, data: bytes, goodbyes: frozenset[int]) -> None:
        """Hand over what makes the bootloader reset, and say no more once it is on its way.

        A lost answer proves nothing here: only the bus tells whether the device left. It is given the time
        to; when it is still there after that, it is asked again.

        Args:
            block: what to hand over as.
            data: what to hand over.
            goodbyes: the states whose report means that the reset is coming.

        Raises: DfuFailed when the device stays; UsbGone when it was gone before it was asked.
        """
        await self.to_idle()
        try:
            for _ in range(self.patience.attempts):
                if await self._says_goodbye(block, data, goodbyes):
                    return
                await self._clock.sleep(self.patience.departure_s)
                await self.to_idle()
        except UsbGone:
            return
        raise DfuFailed(
            f"{self.device} does not leave DFU mode. What was written to it is in place.",
            next_step="Press the RESET button of the device.",
        )

    async def _says_goodbye(self, block: int, data: bytes, goodbyes: frozenset[int]) -> bool:
        try:
            await self._send(Request.DNLOAD, block, data)
        except UsbStall:
            return False
        except UsbTimeout:
            pass  # perhaps only the acknowledgement is lost: the state tells
        try:
            return (await self._settled()).state in goodbyes
        except (UsbStall, UsbTimeout, Unfinished):
            return False

    async def _settled(self) -> Report:
        """Return the first report of a state that time alone does not change.

        Raises: Unfinished when the device stays busy for too long; UsbStall, UsbTimeout.
        """
        deadline = self._clock.monotonic() + self.patience.busy_s
        at_work, quiet_s = False, 0.0
        while True:
            try:
                report = await self._report()
            except UsbTimeout:
                if not at_work or self._clock.monotonic() > deadline:
                    raise
                continue  # a device that works may be deaf for longer than one time-out
            if report.state not in (State.DNBUSY, State.DNLOAD_SYNC):
                return report
            at_work = at_work or report.state == State.DNBUSY
            wait_s = max(report.poll_ms / 1000, quiet_s)
            if self._clock.monotonic() + wait_s > deadline:
                raise Unfinished("it stays busy", report)
            if wait_s:
                await self._clock.sleep(wait_s)
            quiet_s = min(max(2 * quiet_s, _FIRST_QUIET_S), _LONGEST_QUIET_S)

    async def _recover(self, fault: Fault) -> str:
        """Go back to dfuIDLE after a fault; return in words what went wrong.

        Raises: DeviceProtected, DfuRefused when it was no accident; DfuFailed, UsbGone.
        """
        self.pointer = None
        report = await self.to_idle() or (fault.report if isinstance(fault, Unfinished) else None)
        if report and report.status == Status.ERR_VENDOR:
            raise await self._refusal(report)
        if report and report.status != Status.OK:
            return f"the bootloader reports {report.summary}"
        if isinstance(fault, UsbStall):
            return "the bootloader refuses with a stall"
        if isinstance(fault, UsbTimeout):
            return "the bootloader does not answer in time"
        return str(fault)

    async def _refusal(self, report: Report) -> DeviceProtected | DfuRefused:
        """Return the error for what the device's own rules forbid, in the device's words."""
        text = ""
        if report.text_index:
            try:
                text = (await self._handle.string(report.text_index)).rstrip("\0")
            except (UsbStall, UsbTimeout):
                text = ""
        if "protect" in text.lower():
            return DeviceProtected(f"{self.device} is protected: “{text}”.")
        return DfuRefused(
            f"{self.device} refuses: {f'“{text}”' if text else report.summary}.",
            next_step="Where the device is in service mode, only a system part for it may be written so.",
        )

    async def _towards_idle(self, state: int) -> None:
        request = TOWARDS_IDLE.get(state, Request.CLRSTATUS)
        if state in (State.APP_IDLE, State.APP_DETACH):
            raise DfuError(f"{self.device} is not in DFU mode.", next_step="Put it in DFU mode.")
        if request is None:
            await self._clock.sleep(self.patience.look_pause_s)
        else:
            await self._send(request)

    async def _state(self) -> int:
        setup = from_device(Request.GETSTATE, interface=self._interface, length=1)
        data = await self._handle.control_in(setup, timeout_ms=self.patience.transfer_ms)
        if len(data) != 1:
            raise ProtocolError(f"{self.device} answered GETSTATE with {len(data)} bytes.")
        return data[0]

    async def _report(self) -> Report:
        setup = from_device(Request.GETSTATUS, interface=self._interface, length=REPORT_SIZE)
        return parse_report(await self._handle.control_in(setup, timeout_ms=self.patience.transfer_ms))

    async def _send(
        self, request: Request, block: int = 0, data: bytes | memoryview = b"", *, secret: bool = False
    ) -> None:
        setup = to_device(request, value=block, interface=self._interface, length=len(data), secret=secret)
        await self._handle.control_out(setup, data, timeout_ms=self.patience.transfer_ms)
