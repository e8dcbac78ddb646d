"""A device whose firmware runs: raw requests, control requests and the serial port's settings."""

from __future__ import annotations

from collections.abc import Callable

from particle_cli.ports.usb import Setup
from particle_cli.simulators.control.channel import ControlChannel
from particle_cli.simulators.system.system import System
from particle_cli.simulators.system.system_version import system_release, system_version
from particle_cli.simulators.usb.answer import DONE, SILENCE, STALL, Answer

RAW_REQUEST = 0x50
_MOST_RAW_BYTES = 64
_DEVICE_ID, _SYSTEM_VERSION, _RESET, _CLOUD_DISCONNECT = 20, 30, 40, 302
_RAW_OUT_SINCE = 2000
_RAW_SINCE, _CHANNEL_SINCE, _IN_PIECES_SINCE = 100, 300, 1500

_SET_LINE_CODING, _GET_LINE_CODING, _SET_CONTROL_LINES, _SEND_BREAK = 0x20, 0x21, 0x22, 0x23
_DTR = 1


class FirmwareMode:
    """The firmware's part of the USB conversation."""

    def __init__(self, system: System) -> None:
        """Serve a device that has just come up."""
        self._system = system
        self._channel: ControlChannel | None = None
        self._line_coding = (9600).to_bytes(4, "little") + bytes((0, 0, 8))
        platform = system.hardware.platform
        self._has_control = platform.family != "core"
        self._needs_data_stage = platform.usb is not None and platform.usb.needs_data_stage
        self._drops_on_bus_reset = platform.family != "rtl872x"

    @property
    def channel(self) -> ControlChannel:
        """The control requests; loaded when a host first asks, as most devices are only listed."""
        if self._channel is None:
            from particle_cli.simulators.control.requests import ControlRequests

            self._channel = ControlChannel(
                self._system.agenda,
                ControlRequests(self._system).handler,
                whole_only=system_version(self._system) < _IN_PIECES_SINCE,
            )
        return self._channel

    def vendor_request(self, setup: Setup, data: bytes) -> Answer:
        """Answer a vendor request: a raw one, or a transfer of the control channel."""
        if not self._has_control:
            return STALL
        outgoing = not setup.request_type & 0x80
        if outgoing and setup.length == 0 and self._needs_data_stage:
            return SILENCE  # a quirk of the RTL872x's USB stack
        if setup.request != RAW_REQUEST:
            known = system_version(self._system) >= _CHANNEL_SINCE
            return self.channel.handle(setup, data) if known else STALL
        return self._raw_out(setup) if outgoing else self._raw_in(setup)

    def _raw_in(self, setup: Setup) -> Answer:
        system = self._system
        answers: dict[int, Callable[[], str]] = {
            _SYSTEM_VERSION: lambda: system_release(system),
            _DEVICE_ID: lambda: system.hardware.device_id.upper(),
        }
        answer = answers.get(setup.index)
        known = system_version(system) >= _RAW_SINCE
        if answer is None or not known or setup.length > _MOST_RAW_BYTES:
            return STALL
        text = answer().encode()
        return Answer(text) if len(text) <= setup.length else STALL

    def _raw_out(self, setup: Setup) -> Answer:
        if system_version(self._system) < _RAW_OUT_SINCE:
            return STALL
        if setup.index == _RESET:
            self._system.reset()
            return DONE
        if setup.index == _CLOUD_DISCONNECT:
            self._system.connection.automatic = False
            return DONE
        return STALL

    def class_request(self, setup: Setup, data: bytes) -> Answer:
        """Answer a request to the serial port (USB PSTN 1.2, 6.3). Some baud rates are commands."""
        if setup.request == _SET_LINE_CODING and len(data) == len(self._line_coding):
            self._line_coding = data
            self._system.serial.set_baud_rate(int.from_bytes(data[:4], "little"))
            return DONE
        if setup.request == _SET_CONTROL_LINES:
            if setup.value & _DTR:
                self._system.serial.host_opens()
            else:
                self._system.serial.host_closes()
            return DONE
        if setup.request == _GET_LINE_CODING:
            return Answer(self._line_coding[: setup.length])
        return DONE if setup.request == _SEND_BREAK else STALL

    def select(self, interface: int, alternate: int) -> bool:
        """Take alternate setting 0, the only one."""
        return alternate == 0

    def bus_reset(self) -> None:
        """Drop the control requests; RTL872x firmware keeps them."""
        if self._drops_on_bus_reset and self._channel is not None:
            self._channel.drop_all()
