"""A cellular modem and its SIMs."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Final

from attrs import field, frozen

from particle_cli.simulators.hardware.hardware import Hardware
from particle_cli.simulators.network.air import Air
from particle_cli.simulators.network.made_up import iccid, imei

POWER_ON_MS: Final = 10000.0
"""From power to the first answer to an AT command."""
COMMAND_MS: Final = 500.0

_FIRMWARE: Final = {
    "electron": "23.60",
    "b5som": "EG91NAXGAR07A03M1G",
    "tracker": "EG91NAXGAR07A03M1G",
    "trackerm": "BG95M5LAR02A03",
    "msom": "BG95M5LAR02A03",
    "sulu": "BG95M5LAR02A03",
}
_OTHER_FIRMWARE: Final = "L0.0.00.00.05.08"


class Sim(Enum):
    """One of the two places for a SIM."""

    INTERNAL = "internal"
    EXTERNAL = "external"


@frozen
class PacketNetwork:
    """The access point to a mobile operator's packet network, as 3GPP TS 23.003, 9 has it.

    Attributes:
        name: the APN.
        user, password: the account, where the operator asks for one.
    """

    name: str = ""
    user: str = ""
    password: str = field(default="", repr=False)


class Modem:
    """The modem of one device.

    Attributes:
        imei: its number, 15 digits.
        firmware: version of its firmware. The numbers are like real ones, nothing else.
        powered: whether it is on.
        attached: whether it is connected with the cellular network.
        inserted: the SIMs that there are.
        active_sim: which SIM the firmware has been told to use.
        sim_in_use: which it uses; a reset brings the two together.
        access_points: what the firmware has been told of the operators' access points; none: the usual one.
    """

    def __init__(self, hardware: Hardware, air: Air, in_reach: Callable[[], bool]) -> None:
        """Begin without power, with the SIM that is soldered in (on an Electron, the one in its holder).

        Args:
            hardware: the board it sits on.
            air: whether there is a network.
            in_reach: whether it receives anything at all.
        """
        self.imei = imei(hardware.device_id)
        self.firmware = _FIRMWARE.get(hardware.platform.name, _OTHER_FIRMWARE)
        self.powered = False
        self.attached = False
        self.inserted = frozenset((Sim.INTERNAL,))
        self.active_sim = Sim.INTERNAL
        self.sim_in_use = Sim.INTERNAL
        self.access_points: dict[Sim, PacketNetwork] = {}
        self._device_id = hardware.device_id
        self._air = air
        self._in_reach = in_reach

    @property
    def sim_present(self) -> bool:
        """Whether there is a SIM where the modem looks for it."""
        return self.sim_in_use in self.inserted

    @property
    def iccid(self) -> str:
        """Number of the SIM in use, 20 digits; empty without one."""
        return iccid(self._device_id, self.sim_in_use.value) if self.sim_present else ""

    def insert(self, sim: Sim = Sim.INTERNAL) -> None:
        """Put a SIM in its place. It is found at the next connecting."""
        self.inserted |= {sim}

    def pull(self, sim: Sim = Sim.INTERNAL) -> None:
        """Take a SIM out; nothing happens when there is none. The connection ends."""
        self.inserted -= {sim}
        self.air_changed()

    def power_on(self) -> float:
        """See that it is on; return how many milliseconds that takes."""
        taken_ms = 0.0 if self.powered else POWER_ON_MS
        self.powered = True
        return taken_ms

    def attach(self) -> None:
        """Connect with the cellular network, if there is one and a SIM."""
        self.power_on()
        self.attached = self.sim_present and self._air.cellular and self._in_reach()

    def detach(self) -> None:
        """End the connection."""
        self.attached = False

    def reset(self) -> None:
        """Lose power; the SIM that was chosen is in use from now on."""
        self.powered = self.attached = False
        self.sim_in_use = self.active_sim

    def air_changed(self) -> None:
        """Notice that the network, or the SIM, is gone."""
        if not (self.sim_present and self._air.cellular and self._in_reach()):
            self.attached = False
