"""The usb port with a trace of every transfer: a wrapper round any implementation of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

from attrs import define

from particle_cli.adapters.tracing.usb_trace import UsbTrace
from particle_cli.adapters.tracing.usbmon import Urb, status_of
from particle_cli.ports.clock import Clock
from particle_cli.ports.usb import AttachedDevice, Setup, Usb, UsbError, UsbHandle

_GET_DESCRIPTOR, _SET_CONFIGURATION, _SET_INTERFACE = 6, 9, 11
_DEVICE, _CONFIGURATION, _STRING = 1, 2, 3
_DEVICE_LENGTH: Final = 18
_CONFIGURATION_HEAD: Final = 9
_CONFIGURATION_VALUE: Final = 5
_US_ENGLISH: Final = 0x0409


class TracedUsb:
    """A usb port whose transfers are traced.

    A trace is worth little to a reader who does not know the device's interfaces. The system asked for its
    descriptors when it arrived, which no program sees; so the first time that an enumeration is opened they
    are asked for once more, and SET_CONFIGURATION is noted, but not sent, as the system's.
    """

    def __init__(self, inner: Usb, trace: UsbTrace, clock: Clock) -> None:
        """Wrap a port.

        Args:
            inner: the port.
            trace: where the records go.
            clock: tells when things happen.
        """
        self._inner = inner
        self._trace = trace
        self._clock = clock

    async def attached(self) -> tuple[AttachedDevice, ...]:
        """Return what is attached now."""
        return await self._inner.attached()

    async def changed(
        self, seen: tuple[AttachedDevice, ...], *, timeout_ms: int
    ) -> tuple[AttachedDevice, ...]:
        """Return what is attached as soon as it differs from `seen`, or after the time as it then is."""
        return await self._inner.changed(seen, timeout_ms=timeout_ms)

    async def open(self, device: AttachedDevice) -> TracedHandle:
        """Open a device, and ask it for its descriptors if it is new in the trace."""
        handle = TracedHandle(await self._inner.open(device), self._trace, self._clock)
        if not self._trace.knows(device):
            try:
                await handle.trace_enumeration()
            except BaseException:
                await handle.close()
                raise
        return handle


@define
class _Outcome:
    """What a transfer that went well has moved."""

    length: int = 0
    data: bytes = b""


class TracedHandle:
    """An open device whose transfers are traced."""

    def __init__(self, inner: UsbHandle, trace: UsbTrace, clock: Clock) -> None:
        """Wrap a handle."""
        self._inner = inner
        self._trace = trace
        self._clock = clock

    @property
    def device(self) -> AttachedDevice:
        """The enumeration this handle was opened for."""
        return self._inner.device

    async def trace_enumeration(self) -> None:
        """Ask for what tells a reader of the trace about the device; it may refuse, or be gone."""
        with suppress(UsbError):
            await self.descriptor(_DEVICE, length=_DEVICE_LENGTH)
            head = await self.descriptor(_CONFIGURATION, length=_CONFIGURATION_HEAD)
            total = int.from_bytes(head[2:4], "little")
            await self.descriptor(_CONFIGURATION, length=max(total, _CONFIGURATION_HEAD))
            value = head[_CONFIGURATION_VALUE] if len(head) > _CONFIGURATION_VALUE else 1
            with self._control(Setup(0x00, _SET_CONFIGURATION, value)):
                pass

    async def control_in(self, setup: Setup, *, timeout_ms: int) -> bytes:
        """Return the bytes that the device sends."""
        with self._control(setup) as outcome:
            outcome.data = await self._inner.control_in(setup, timeout_ms=timeout_ms)
        return outcome.data

    async def control_out(self, setup: Setup, data: bytes | memoryview = b"", *, timeout_ms: int) -> None:
        """Send the data."""
        with self._control(setup, bytes(data)):
            await self._inner.control_out(setup, data, timeout_ms=timeout_ms)

    async def bulk_read(self, endpoint: int, length: int, *, timeout_ms: int) -> bytes:
        """Return the bytes of one bulk transfer."""
        urb = self._trace.bulk(self.device, endpoint)
        self._trace.submitted(urb, self._clock.now(), length)
        with self._completed(urb, secret=False) as outcome:
            outcome.data = await self._inner.bulk_read(endpoint, length, timeout_ms=timeout_ms)
        return outcome.data

    async def bulk_write(self, endpoint: int, data: bytes | memoryview, *, timeout_ms: int) -> int:
        """Send the data; return how many bytes were taken."""
        urb = self._trace.bulk(self.device, endpoint)
        self._trace.submitted(urb, self._clock.now(), len(data), bytes(data))
        with self._completed(urb, secret=False) as outcome:
            outcome.length = await self._inner.bulk_write(endpoint, data, timeout_ms=timeout_ms)
        return outcome.length

    async def claim(self, interface: int) -> None:
        """Take the interface; nothing goes over the wire for it."""
        await self._inner.claim(interface)

    async def release(self, interface: int) -> None:
        """Give the interface back; nothing goes over the wire for it."""
        await self._inner.release(interface)

    async def set_alternate(self, interface: int, alternate: int) -> None:
        """Select an alternate setting."""
        with self._control(Setup(0x01, _SET_INTERFACE, alternate, interface)):
            await self._inner.set_alternate(interface, alternate)

    async def descriptor(self, kind: int, index: int = 0, *, length: int = 255, language: int = 0) -> bytes:
        """Return raw bytes of a descriptor."""
        with self._control(Setup(0x80, _GET_DESCRIPTOR, kind << 8 | index, language, length)) as outcome:
            outcome.data = await self._inner.descriptor(kind, index, length=length, language=language)
        return outcome.data

    async def string(self, index: int) -> str:
        """Return a string descriptor's text; the trace has the descriptor that this text makes."""
        if index == 0:  # refused without a transfer
            return await self._inner.string(index)
        with self._control(Setup(0x80, _GET_DESCRIPTOR, _STRING << 8 | index, _US_ENGLISH, 255)) as outcome:
            text = await self._inner.string(index)
            content = text.encode("utf-16-le", "surrogatepass")[:252]
            outcome.data = bytes((len(content) + 2, _STRING)) + content
        return text

    async def close(self) -> None:
        """Release everything."""
        await self._inner.close()

    # -- records ---------------------------------------------------------------------------------------

    @contextmanager
    def _control(self, setup: Setup, data: bytes = b"") -> Iterator[_Outcome]:
        """Note the submission of a control transfer, and after the body its end."""
        urb = self._trace.control(self.device, setup)
        self._trace.submitted(urb, self._clock.now(), setup.length, data, secret=setup.secret)
        with self._completed(urb, secret=setup.secret) as outcome:
            outcome.length = len(data)
            yield outcome

    @contextmanager
    def _completed(self, urb: Urb, *, secret: bool) -> Iterator[_Outcome]:
        """Note the end of a transfer, whatever it is."""
        outcome = _Outcome()
        try:
            yield outcome
        except BaseException as error:  # given up by the host, too
            self._trace.completed(urb, self._clock.now(), status_of(error))
            raise
        length = outcome.length or len(outcome.data)
        self._trace.completed(urb, self._clock.now(), 0, length, outcome.data, secret=secret)
