"""A simulated device as a test handles it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from particle_cli.entrypoints.suite.serial import SuiteSerial
from particle_cli.simulators.device import NotOffered

if TYPE_CHECKING:
    from particle_cli.entrypoints.suite.resident import ResidentWorld
    from particle_cli.simulators.device import SimulatedDevice
    from particle_cli.simulators.firmware.application import Value


class NothingOffered(AssertionError):
    """The device offers no function or variable of that name."""


class ParticleDevice:
    """One device of a `ParticleWorld`.

    Whatever is done to it here has had its effect when the call returns: the device has restarted, gone
    online, or whatever comes of it.

    Attributes:
        simulated: the device itself, with everything that is not here.
        serial: its serial port.
    """

    def __init__(self, resident: ResidentWorld, simulated: SimulatedDevice) -> None:
        """Handle a device of a world."""
        self._resident = resident
        self.simulated = simulated
        self.serial = SuiteSerial(resident, simulated, self.name)

    # What it is

    @property
    def id(self) -> str:
        """24 lower-case hexadecimal digits."""
        return self.simulated.id

    @property
    def name(self) -> str:
        """Its name in the cloud, or its id where it has none."""
        return self._resident.world.name_of(self.simulated) or self.id

    @property
    def platform(self) -> str:
        """The name of its platform, `boron`."""
        return self.simulated.platform.name

    @property
    def mode(self) -> str:
        """What it is doing: `normal`, `listening`, `safe`, `dfu`, `off`, `resetting` or `dead`."""
        return self.simulated.mode.value

    @property
    def led(self) -> str:
        """What its LED shows, `breathing cyan`."""
        return str(self.simulated.led)

    @property
    def online(self) -> bool:
        """Whether it is connected to the simulated cloud."""
        return self.simulated.online

    @property
    def faults(self) -> tuple[str, ...]:
        """What is broken about it."""
        return self.simulated.faults

    def __repr__(self) -> str:
        """Return it as `red [e00f…] (boron): normal mode, breathing cyan`."""
        return f"{self.name} [{self.id}] ({self.platform}): {self.mode} mode, {self.led}"

    # What a person does to it

    def press(self, button: str, seconds: float = 0.1) -> None:
        """Press a button: `reset`, `mode`, or `both` (RESET tapped while MODE is held).

        Args:
            button: which.
            seconds: how long MODE is held. Alone, 3 start or end listening mode; in `both`, 1 means safe mode
                and 3 DFU mode.
        """
        self._resident.do(lambda: self.simulated.press(button, seconds))

    def unplug(self) -> None:
        """Pull its cable, and its power with it."""
        self._resident.do(lambda: self._resident.world.unplug(self.simulated))

    def plug(self) -> None:
        """Plug it in again."""
        self._resident.do(lambda: self._resident.world.plug(self.simulated))

    def inject(self, *faults: str) -> None:
        """Break something, in the words of `particle sim break`: `drop every 200`, `slow-flash`.

        Raises: FaultUnknown, CannotBreak.
        """
        from particle_cli.simulators.scenario.fault_words import read_faults

        found = read_faults(faults)
        self._resident.do(lambda: self._resident.world.break_device(self.simulated, found))

    def repair(self) -> None:
        """Put right all that is broken."""
        self._resident.do(lambda: self._resident.world.repair(self.simulated))

    # The application

    @property
    def functions(self) -> tuple[str, ...]:
        """Names of the functions that the running application offers."""
        return self.simulated.functions

    @property
    def variables(self) -> tuple[str, ...]:
        """Names of the variables that the running application offers."""
        return tuple(self.simulated.variables)

    def call(self, function: str, argument: str = "") -> int:
        """Call a function of the running application. Raises: NothingOffered."""
        __tracebackhide__ = True
        try:
            return self._resident.do(lambda: self.simulated.call(function, argument))
        except NotOffered:
            raise self._nothing("function", function, self.functions) from None

    def variable(self, name: str) -> Value:
        """Return a variable of the running application. Raises: NothingOffered."""
        __tracebackhide__ = True
        try:
            return self._resident.do(lambda: self.simulated.variable(name))
        except NotOffered:
            raise self._nothing("variable", name, self.variables) from None

    def set_variable(self, name: str, value: Value) -> None:
        """Give a variable another value, until the device restarts. Raises: NothingOffered."""
        __tracebackhide__ = True
        if name not in self.simulated.variables:
            raise self._nothing("variable", name, self.variables)
        self.simulated.runtime.values[name] = value

    def _nothing(self, what: str, name: str, offered: tuple[str, ...]) -> NothingOffered:
        return NothingOffered(f"{self!r} offers no {what} {name!r}, but {', '.join(offered) or 'none'}.")

    def on_function(self, name: str, handler: Callable[[str], int]) -> None:
        """Have Python answer the calls of a function that the application offers."""
        self.simulated.handlers[name] = handler

    def on_variable(self, name: str, source: Callable[[], Value]) -> None:
        """Have Python give the value of a variable that the application offers."""
        self.simulated.sources[name] = source

    def on_request(self, handler: Callable[[bytes], bytes]) -> None:
        """Have Python answer control requests to the application (`particle usb send-request`)."""
        self.simulated.request_handler = handler

    def on_serial(self, handler: Callable[[bytes], bytes]) -> None:
        """Have Python answer what is sent to the application's serial port."""
        self.simulated.serial_handler = handler

    def on_event(self, handler: Callable[[str, str], None]) -> None:
        """Have Python told of name and data of the events to which the application has subscribed."""
        self.simulated.event_handler = handler

    def publish(self, name: str, data: str | None = None) -> bool:
        """Publish an event as the application; return whether it went out."""
        return self._resident.do(lambda: self.simulated.publish(name, data))
