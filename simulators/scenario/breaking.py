"""Breaking a device, and repairing it.

What is broken is noted on the device in words (`SimulatedDevice.faults`), kept with it, and has its effect
until it is repaired; a power cut is over when it has struck, and damage when the module is written anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from particle_cli.domain.firmware import functions
from particle_cli.domain.firmware.functions import ModuleFunction
from particle_cli.ports.errors import UsageError
from particle_cli.simulators.device import SimulatedDevice
from particle_cli.simulators.firmware.boot import Mode
from particle_cli.simulators.firmware.installed import INTEGRITY, InstalledModule
from particle_cli.simulators.scenario import fault_words
from particle_cli.simulators.scenario.fault_words import DeviceFault, read_faults


class CannotBreak(UsageError):
    """The device has nothing that could break in that way."""

    code = "cannot_break"


def break_device(device: SimulatedDevice, faults: Iterable[DeviceFault]) -> None:
    """Let faults befall a device. One whose module is damaged restarts, and finds out.

    Raises: CannotBreak, and nothing has changed.
    """
    new = [fault for fault in faults if str(fault) not in device.faults]
    damaged = [_named_module(device, fault) for fault in new if fault.word == fault_words.DAMAGE]
    if any(fault.word == fault_words.NO_SIM for fault in new) and not device.platform.interfaces.cellular:
        raise CannotBreak(f"A {device.platform.display_name} has no SIM card.")
    for module in damaged:
        _flip(device, module)
    device.faults = (*device.faults, *map(str, new))
    take_effect(device)
    if damaged and device.mode is not Mode.OFF:
        device.reset()


def take_effect(device: SimulatedDevice) -> None:
    """Let what is noted to be broken have its effect, on a device that was just made or restored."""
    for fault in read_faults(device.faults):
        if fault.word == fault_words.SLOW_FLASH:
            device.hardware.flash.slowness = float(fault.times or 1)
        elif fault.word == fault_words.POWER_CUT:
            device.cut_power_during(fault.at or 1)
        elif fault.word == fault_words.NO_NETWORK:
            device.connection.network = False
        elif fault.word == fault_words.NO_SIM and device.network.modem:
            device.network.modem.pull()
            device.connection.air_changed()


def repair(device: SimulatedDevice) -> tuple[str, ...]:
    """Put right all that is broken, and return what it was, in words.

    A bit that has flipped is turned back where that makes the module whole; one that lies in a module which
    was replaced meanwhile is left as it is.
    """
    repaired = device.faults
    mended = False
    for fault in read_faults(repaired):
        if fault.word == fault_words.SLOW_FLASH:
            device.hardware.flash.slowness = 1.0
        elif fault.word == fault_words.POWER_CUT:
            device.hardware.flash.forget_cut()
        elif fault.word == fault_words.NO_NETWORK:
            device.connection.network = True
        elif fault.word == fault_words.NO_SIM and device.network.modem:
            device.network.modem.insert()
            device.connection.seek()
        elif fault.word == fault_words.DAMAGE:
            mended = _mend(device, fault) or mended
    device.faults = ()
    if mended and device.mode is not Mode.OFF:
        device.reset()
    return repaired


def lasting(device: SimulatedDevice) -> tuple[str, ...]:
    """Return what is still broken: a power cut is over when it has struck, damage when it is written over."""
    faults = read_faults(device.faults)
    return tuple(str(fault) for fault in faults if not _is_over(device, fault))


def _is_over(device: SimulatedDevice, fault: DeviceFault) -> bool:
    if fault.word == fault_words.POWER_CUT:
        return not device.hardware.flash.cut_planned
    return fault.word == fault_words.DAMAGE and _is_whole(device, fault)


def cable_faults(device: SimulatedDevice) -> tuple[DeviceFault, ...]:
    """Return what is wrong with a device's cable."""
    return tuple(fault for fault in read_faults(device.faults) if fault.word in fault_words.CABLE)


# -- damage ------------------------------------------------------------------------------------------------


def _named_module(device: SimulatedDevice, fault: DeviceFault) -> InstalledModule:
    """Return the module that a fault is about. Raises: CannotBreak."""
    modules = device.modules
    wanted = _plain(fault.module or "")
    for module in modules:
        if wanted in _names(module, modules):
            return module
    known = ", ".join(shown_name(module, modules) for module in modules)
    raise CannotBreak(f"Device {device.id} has no module '{fault.module}'.", next_step=f"It has: {known}.")


def shown_name(module: InstalledModule, modules: Sequence[InstalledModule]) -> str:
    """Return how a module is called by people: `application`, `bootloader`, `system-part1`."""
    function = module.prefix.function
    if function == ModuleFunction.USER_PART:
        return "application"
    name = functions.name(function).replace("_", "-")
    alone = sum(one.prefix.function == function for one in modules) == 1
    numbered = function == ModuleFunction.SYSTEM_PART or not alone
    return f"{name}{module.prefix.index}" if numbered else name


def _names(module: InstalledModule, modules: Sequence[InstalledModule]) -> set[str]:
    own = functions.name(module.prefix.function)
    return {_plain(shown_name(module, modules)), _plain(f"{own}{module.prefix.index}"), _plain(own)}


def _plain(name: str) -> str:
    return name.lower().replace("-", "").replace("_", "")


def _flip(device: SimulatedDevice, module: InstalledModule) -> None:
    """Turn a bit in the middle of a module over, or back."""
    device.hardware.memory.flip(module.address + module.size // 2)


def _mend(device: SimulatedDevice, fault: DeviceFault) -> bool:
    """Turn the bit of a damaged module back, and tell whether that has made it whole."""
    if _is_whole(device, fault):
        return False
    module = _named_module(device, fault)
    _flip(device, module)
    if _is_whole(device, fault):
        return True
    _flip(device, module)
    return False


def _is_whole(device: SimulatedDevice, fault: DeviceFault) -> bool:
    """Tell whether the module that a fault is about is whole, or not even there any more."""
    try:
        return bool(_named_module(device, fault).passed & INTEGRITY)
    except CannotBreak:
        return True
