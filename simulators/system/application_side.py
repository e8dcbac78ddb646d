"""A device as its application makes it: what it offers, answers and allows while it runs."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING

from particle_cli.simulators.firmware.application import Value, decode_manifest
from particle_cli.simulators.firmware.boot import Mode, Verdict
from particle_cli.simulators.system.policy import ApplicationPolicy
from particle_cli.simulators.system.runtime import FunctionHandler, Runtime, VariableSource

if TYPE_CHECKING:
    from particle_cli.simulators.usb.serial_end import SerialEnd


class ApplicationSide(ABC):
    """The application's part of a device.

    Attributes:
        mode: what the device is doing.
        mode_behind_listening: what it goes back to from listening mode.
        handlers: Python code that answers function calls, by function name; stays over resets.
        sources: Python code that gives variables their values, by variable name; stays over resets.
        request_handler: Python code that answers the application's own control requests; stays over resets.
        serial_handler: Python code that answers what a host sends to the application's serial port; stays
            over resets.
        event_handler: Python code that is told the names and data of events to which the application has
            subscribed; stays over resets.
        policy: what the application lets the system do; stays over resets.
    """

    def __init__(self) -> None:
        """Begin without an application that runs."""
        self.mode = Mode.OFF
        self.mode_behind_listening = Mode.NORMAL
        self.handlers: dict[str, FunctionHandler] = {}
        self.sources: dict[str, VariableSource] = {}
        self.request_handler: Callable[[bytes], bytes] | None = None
        self.serial_handler: Callable[[bytes], bytes] | None = None
        self.event_handler: Callable[[str, str], None] | None = None
        self.policy = ApplicationPolicy()
        self._runtime: Runtime | None = None

    @property
    @abstractmethod
    def verdict(self) -> Verdict:
        """What the last boot found in the flash; before the first one, what a boot would find."""

    @property
    @abstractmethod
    def serial(self) -> SerialEnd:
        """The device's end of the USB serial port."""

    @property
    def application_runs(self) -> bool:
        """Whether the application runs, in listening mode too, but not in safe mode."""
        mode = self.mode_behind_listening if self.mode is Mode.LISTENING else self.mode
        return mode is Mode.NORMAL

    @property
    def runtime(self) -> Runtime:
        """The application that runs; in any mode but the normal one it offers nothing."""
        if self.mode is not Mode.NORMAL:
            return Runtime(None, handlers={}, sources={})
        if self._runtime is None:
            application = self.verdict.application
            module = application.module if application else None
            manifest = decode_manifest(module.payload) if module else None
            self._runtime = Runtime(manifest, handlers=self.handlers, sources=self.sources)
        return self._runtime

    def print(self, text: str) -> None:
        """Send a text through the serial port, as a running application does; lost while nobody listens."""
        if self.mode is Mode.NORMAL:
            self.serial.transmit(text.encode())

    @property
    def functions(self) -> tuple[str, ...]:
        """Names of the functions that the running application offers."""
        return self.runtime.functions

    @property
    def variables(self) -> dict[str, str]:
        """Names and types of the variables that the running application offers."""
        return self.runtime.variables

    def call(self, name: str, argument: str) -> int:
        """Call a function of the running application. Raises: NotOffered."""
        return self.runtime.call(name, argument)

    def variable(self, name: str) -> Value:
        """Return a variable of the running application. Raises: NotOffered."""
        return self.runtime.variable(name)
