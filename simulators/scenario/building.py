"""From the description of a device to the device, as if somebody had used it for a while."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from particle_cli.domain.firmware.errors import FirmwareError
from particle_cli.domain.firmware.functions import ModuleFunction
from particle_cli.domain.firmware.module import Module, parse_module, write_module
from particle_cli.domain.firmware.protected import protected_module, require_protectable
from particle_cli.domain.platforms.catalogue import platform as platform_of
from particle_cli.domain.platforms.values import Platform
from particle_cli.ports.errors import UsageError
from particle_cli.simulators.cloud.cloud import SimulatedCloud
from particle_cli.simulators.cloud.compiler.compiler import compile_project
from particle_cli.simulators.cloud.compiler.sources import CompileRefused, CompilerErrors
from particle_cli.simulators.cloud.releases import releases_of
from particle_cli.simulators.cloud.traits import KEEP_ALIVE, RATE_LIMITS, TRANSFERS_APPROVED
from particle_cli.simulators.device import SimulatedDevice
from particle_cli.simulators.factory import (
    default_release,
    make_device_id,
    new_device,
    release_to_come,
)
from particle_cli.simulators.firmware.application import decode_manifest
from particle_cli.simulators.firmware.boot import Mode
from particle_cli.simulators.network.air import AccessPoint, Air
from particle_cli.simulators.network.known_network import KnownNetwork
from particle_cli.simulators.scenario.breaking import break_device
from particle_cli.simulators.scenario.description import (
    NO_APPLICATION,
    TINKER,
    AccessPointDescription,
    Binary,
    DeviceDescription,
    Program,
    Scenario,
    WifiCredentials,
    security_of,
)
from particle_cli.simulators.scenario.fault_words import POWER_CUT, read_faults
from particle_cli.simulators.scenario.products import found_products
from particle_cli.simulators.system.startup import mark_set_up


class CannotBuild(UsageError):
    """There can be no such device."""

    code = "cannot_build"


def build_device(description: DeviceDescription, number: int, air: Callable[[], Air]) -> SimulatedDevice:
    """Return a device as described, without power; what needs power is left to `begin`.

    Args:
        description: the device.
        number: what its id is made from, where none is given.
        air: what will be around it.

    Raises: CannotBuild, CannotBreak.
    """
    platform = platform_of(description.platform_id)
    if platform.dfu is None:
        raise CannotBuild(f"A {platform.display_name} cannot be simulated: it has no DFU mode.")
    release = _release(platform, description.device_os)
    device_id = description.id or make_device_id(platform, number)
    device = new_device(platform.id, device_id, release=release)
    device.link.air = air
    if description.application != TINKER:
        _install_application(device, description, release)
    if description.protected:
        _protect(device)
    _configure(device, description)
    unknown = set(description.variables) - set(_offered_variables(device))
    if unknown:
        raise CannotBuild(f"The application has no variable '{min(unknown)}'.")
    break_device(device, (one for one in read_faults(description.faults) if one.word != POWER_CUT))
    return device


def begin(device: SimulatedDevice, description: DeviceDescription) -> None:
    """Bring a device that has come up into the mode that is described, by its buttons."""
    button, hold_s = _PRESSES.get(description.mode, ("", 0.0))
    if button and device.mode.value != description.mode:
        device.press(button, hold_s)
    if description.variables and device.mode is Mode.NORMAL:
        device.runtime.values.update(description.variables)


def leave(device: SimulatedDevice, description: DeviceDescription) -> None:
    """Let befall a device that is as described what would have kept it from becoming so."""
    break_device(device, (one for one in read_faults(description.faults) if one.word == POWER_CUT))


_PRESSES: Final = {"listening": ("mode", 3.0), "safe": ("both", 1.0), "dfu": ("both", 3.0)}


def _configure(device: SimulatedDevice, description: DeviceDescription) -> None:
    """Write what somebody has set up on the device. Raises: CannotBuild."""
    dct = device.hardware.dct
    if description.setup_done is not None:
        if dct is None:
            raise CannotBuild(f"A {device.platform.display_name} does not remember whether it is set up.")
        mark_set_up(dct, description.setup_done)
    if description.wifi is not None and device.network.wifi:
        device.network.wifi.known = [_known_network(one) for one in description.wifi]
    if description.ethernet is not None and device.network.ethernet:
        port = device.network.ethernet
        port.fitted = port.detected = description.ethernet != "none"
        port.plugged = description.ethernet == "plugged"
    device.environment.from_cloud = dict(description.environment)


def _known_network(credentials: WifiCredentials) -> KnownNetwork:
    security = security_of(credentials.security, credentials.password)
    return KnownNetwork(credentials.ssid, security, credentials.password, hidden=credentials.hidden)


def surround(scenario: Scenario, *, air: Callable[[], Air], cloud: SimulatedCloud) -> None:
    """Make the air and the cloud what a scenario says; of what it says nothing, stays as it is."""
    if scenario.access_points is not None:
        air().access_points = tuple(_access_points(scenario.access_points))
    if not scenario.cellular:
        air().cellular = False
    for account in scenario.accounts:
        cloud.open_account(account.username, account.password, login_code=account.login_code)
    found_products(scenario.products, cloud)
    for host in scenario.webhook_hosts:
        cloud.allow(host)
    wanted = {
        RATE_LIMITS: scenario.rate_limits,
        KEEP_ALIVE: scenario.keep_alive,
        TRANSFERS_APPROVED: scenario.transfers_approved,
    }
    cloud.take_on(*(trait for trait, on in wanted.items() if on))


def _access_points(descriptions: Iterable[AccessPointDescription]) -> Iterator[AccessPoint]:
    """Yield access points as described; those without an address get one in turn."""
    for number, one in enumerate(descriptions, 1):
        bssid = bytes.fromhex(one.bssid.replace(":", "")) if one.bssid else _MADE_UP + bytes((number,))
        yield AccessPoint(
            one.ssid,
            bssid,
            security_of(one.security, one.password),
            channel=one.channel,
            rssi=one.rssi,
            password=one.password,
            username=one.username,
            hidden=one.hidden,
        )


_MADE_UP: Final = bytes.fromhex("025041525f")
"""Begins the addresses of access points that are given none: locally administered (IEEE 802-2014, 8.4)."""


def _offered_variables(device: SimulatedDevice) -> tuple[str, ...]:
    application = device.verdict.application
    manifest = decode_manifest(application.module.payload) if application and application.module else None
    return tuple(variable.name for variable in manifest.variables) if manifest else ()


def _release(platform: Platform, wanted: str | None) -> str:
    """Return the name of the release that is wanted. Raises: CannotBuild."""
    if wanted is None:
        try:
            return default_release(platform).name
        except LookupError as error:
            raise CannotBuild(f"A {platform.display_name} cannot be simulated: {error}.") from error
    names = [release.name for release in releases_of(platform)]
    name = wanted.removeprefix("v")
    to_come = platform.device_os.in_6_2 and release_to_come(name)
    if name not in names and not to_come:
        raise CannotBuild(
            f"There is no Device OS {wanted} for a {platform.display_name}.",
            next_step=f"There is, from {names[-1]} on: {', '.join(names[:5])} …" if names else None,
        )
    return name


# -- the application ---------------------------------------------------------------------------------------


def _install_application(device: SimulatedDevice, description: DeviceDescription, release: str) -> None:
    application = description.application
    for tinker in device.modules:
        if tinker.prefix.function == ModuleFunction.USER_PART:
            device.hardware.memory.erase(tinker.address, tinker.size)
    if application == NO_APPLICATION:
        if not device.platform.module(ModuleFunction.USER_PART, 1):
            raise CannotBuild(f"A {device.platform.display_name} has no application of its own.")
        return
    if isinstance(application, Binary):
        content, name = application.content, application.name
    else:
        assert isinstance(application, Program)
        content, name = _compiled(device, application, release), "the application"
    module = _application_module(device.platform, content, name)
    device.hardware.memory.replace(module.prefix.start_address, content)


def _compiled(device: SimulatedDevice, program: Program, release: str) -> bytes:
    """Return a program's binary. Raises: CannotBuild, with what the compiler says."""
    target = program.device_os or release
    try:
        return compile_project(program.sources, device.platform_id, target=target).binary
    except CompilerErrors as errors:
        raise CannotBuild(f"The application does not compile:\n{errors.text.rstrip()}") from errors
    except CompileRefused as refusal:
        raise CannotBuild(f"The application cannot be compiled: {refusal}.") from refusal


def _application_module(platform: Platform, content: bytes, name: str) -> Module:
    """Return the module in a binary. Raises: CannotBuild where it is no application of the platform."""
    try:
        module = parse_module(content, name=name)
    except FirmwareError as error:
        raise CannotBuild(error.message, next_step=error.next_step) from error
    place = platform.module(module.prefix.function, module.prefix.index)
    kinds = (ModuleFunction.USER_PART, ModuleFunction.MONO_FIRMWARE)
    if module.prefix.platform_id != platform.id or module.prefix.function not in kinds or place is None:
        raise CannotBuild(f"{name} is no application for a {platform.display_name}.")
    return module


# -- Device Protection -------------------------------------------------------------------------------------


def _protect(device: SimulatedDevice) -> None:
    """Put a bootloader in place that turns Device Protection on. Raises: CannotBuild."""
    slot = device.platform.module(ModuleFunction.BOOTLOADER, 0)
    installed = next((module for module in device.modules if module.slot is slot), None)
    try:
        if installed is None or installed.module is None:
            raise CannotBuild(f"A {device.platform.display_name} has no bootloader that could protect it.")
        require_protectable(installed.module)
        locked = protected_module(installed.module)
    except FirmwareError as error:
        raise CannotBuild(
            f"This {device.platform.display_name} cannot be protected: {error.message}",
            next_step=error.next_step,
        ) from error
    device.hardware.memory.replace(installed.address, write_module(locked))
