"""`particle get`: variables of devices."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from attrs import frozen

from particle_cli.domain.cloud.device_list import in_order, list_in_detail
from particle_cli.domain.cloud.devices import VariableValue, get_variable
from particle_cli.domain.cloud.errors import CloudTokenInvalid, NotLoggedIn
from particle_cli.entrypoints.cli.commands.cloud_session import check_product_device, cloud_session
from particle_cli.entrypoints.cli.commands.list import DeviceList
from particle_cli.entrypoints.cli.result import Plain, Result
from particle_cli.ports.errors import ParticleError, UsageError

if TYPE_CHECKING:
    from particle_cli.domain.cloud.client import CloudClient
    from particle_cli.domain.cloud.devices import CloudDevice, VariableReading
    from particle_cli.entrypoints.cli.given import Given
    from particle_cli.entrypoints.wires import Wires


class NoMatchingDevice(ParticleError):
    """No device has that id or name, or offers a variable of that name."""

    code = "no_matching_device"


@frozen
class Reading:
    """One reading: from where, when (local ISO 8601 time), and the value or the error."""

    device_id: str
    time: str
    value: VariableValue
    error: str | None = None

    @property
    def text(self) -> str:
        """The value as people and scripts read it."""
        if self.error is not None:
            return f"Error: {self.error}"
        return self.value if isinstance(self.value, str) else json.dumps(self.value)

    def line(self, *, several: bool, timed: bool) -> str:
        """The reading as it is printed: its device where there are several, its time where that is wanted."""
        return ", ".join([self.device_id] * several + [self.time] * timed + [self.text])

    def data(self, variable: str) -> dict[str, Plain]:
        """The reading as a value."""
        found: dict[str, Plain] = {"id": self.device_id, "variable": variable, "time": self.time}
        return found | ({"value": self.value} if self.error is None else {"error": self.error})


class Readings(Result):
    """What one or several devices answered."""

    def __init__(self, variable: str, readings: Sequence[Reading], *, several: bool, timed: bool) -> None:
        """Keep the readings; `several` shows the device of each, `timed` the time."""
        self._variable = variable
        self._readings = readings
        self._several = several
        self._timed = timed
        self.failed = any(reading.error is not None for reading in readings)

    def text(self, width: int) -> str:
        """Return a line for each reading."""
        return "\n".join(one.line(several=self._several, timed=self._timed) for one in self._readings)

    def data(self) -> Plain:
        """Return the readings; just the one where one device was asked."""
        found: list[Plain] = [reading.data(self._variable) for reading in self._readings]
        return found if self._several else found[0]


async def run(given: Given, wires: Wires) -> Result:
    """Read what the words name: one variable, one of many devices, or the list of all variables."""
    device, variable, product = given.optional("device"), given.optional("variable"), given.text("product")
    if product is not None:
        _check_product(device, variable, product)
    async with cloud_session(wires) as client:
        if device is None:
            wires.person.note(
                "polling server to see what devices are online, and what variables are available"
            )
            found = [one for one in await list_in_detail(client, wires.clock) if one.variables]
            return DeviceList(found, functions=False)
        if device == "all" and product is None:
            if variable is None:
                raise UsageError("Parameter 'variable' is required.")
            return await _from_all(given, wires, client, variable)
        if variable is None:
            return await _chosen(given, wires, client, device)
        reading = await get_variable(client, device, variable, product=product)
        one = Reading(reading.device_id or device, _now(wires), reading.value)
        return Readings(variable, [one], several=False, timed=given.flag("time"))


def _check_product(device: str | None, variable: str | None, product: str) -> None:
    if device is None:
        raise UsageError("`device` parameter is required when `--product` flag is set")
    check_product_device(device, product)
    if variable is None:
        raise UsageError(
            "`variableName` parameter is required when `--product` flag is set. "
            f"To view available variables, run: particle product device list {product}"
        )


async def _chosen(given: Given, wires: Wires, client: CloudClient, word: str) -> Result:
    """Take the only word for a device, whose variable the person chooses, or else for a variable."""
    devices = await list_in_detail(client, wires.clock)
    device = next((one for one in devices if word.lower() == one.id or word == one.shown_name), None)
    if device is None:
        if not any(word in (one.variables or {}) for one in devices):
            raise NoMatchingDevice(
                "No matching device", next_step=f"No device is called `{word}`; see `particle list`."
            )
        return await _from_all(given, wires, client, word, devices=devices)
    offered = list((device.variables or {}).items())
    if not offered:
        raise NoMatchingDevice(
            f"{word} offers no variables.", next_step="See with `particle list` whether it is online."
        )
    labels = [f"{name} ({kind})" for name, kind in offered]
    number = await wires.person.choose("Which variable did you want?", labels, flag="[variable]")
    variable = offered[number][0]
    reading = await get_variable(client, device.id, variable)
    one = Reading(device.id, _now(wires), reading.value)
    return Readings(variable, [one], several=False, timed=given.flag("time"))


async def _from_all(
    given: Given,
    wires: Wires,
    client: CloudClient,
    variable: str,
    *,
    devices: Sequence[CloudDevice] | None = None,
) -> Result:
    """Read a variable of every device that has it."""
    if devices is None:
        devices = await list_in_detail(client, wires.clock)
    having = in_order([one for one in devices if variable in (one.variables or {})])
    if not having:
        raise NoMatchingDevice(
            "No matching device", next_step=f"No device that is online has a variable `{variable}`."
        )
    answers = await wires.clock.together(*(get_variable(client, one.id, variable) for one in having))
    readings = []
    for one, answer in zip(having, answers, strict=True):
        if isinstance(answer, (NotLoggedIn, CloudTokenInvalid)):
            raise answer
        readings.append(reading_of(wires, one.id, answer))
    if any(reading.error is not None for reading in readings):
        wires.person.warn("Some variables could not be read")
    return Readings(variable, readings, several=True, timed=given.flag("time"))


def reading_of(wires: Wires, device_id: str, answer: VariableReading | ParticleError) -> Reading:
    """Return what a device answered just now, be it an error."""
    if isinstance(answer, ParticleError):
        return Reading(device_id, _now(wires), None, answer.message)
    return Reading(device_id, _now(wires), answer.value)


def _now(wires: Wires) -> str:
    return wires.clock.now().astimezone().isoformat(timespec="seconds")
