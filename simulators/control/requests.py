"""Which part of the firmware handles a control request.

The requests are handled in groups, each a module with `entries(system) -> Mapping[int, Entry]`. A group is
loaded with the first request of its range: most devices are only ever asked for their mode.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Final

from attrs import evolve

from particle_cli.domain.control.messages.request_type_pb2 import RequestType
from particle_cli.simulators.control.channel import Handler, Outcome
from particle_cli.simulators.control.entry import Entry
from particle_cli.simulators.firmware import system_error
from particle_cli.simulators.firmware.system_error import RequestFailed
from particle_cli.simulators.system.bootloader_side import BootloaderSide
from particle_cli.simulators.system.system import System
from particle_cli.simulators.system.system_version import system_version

GROUPS: Final[tuple[tuple[range, str], ...]] = (
    (range(1, 11), "application_requests"),
    (range(20, 35), "identity_requests"),
    (range(40, 76), "mode_requests"),
    (range(76, 78), "protection_requests"),
    (range(80, 81), "logging_requests"),
    (range(90, 92), "module_requests"),
    (range(100, 101), "diagnostics_requests"),
    (range(110, 116), "wifi_legacy_requests"),
    (range(120, 123), "network_legacy_requests"),
    (range(200, 202), "claiming_requests"),
    (range(210, 224), "server_requests"),
    (range(230, 232), "signal_requests"),
    (range(240, 241), "server_requests"),
    (range(250, 254), "update_requests"),
    (range(260, 265), "storage_requests"),
    (range(300, 303), "cloud_requests"),
    (range(400, 402), "network_requests"),
    (range(500, 508), "wifi_requests"),
    (range(550, 555), "cellular_requests"),
    (range(600, 602), "environment_requests"),
)
"""The types of the requests of each group, and its module's name."""

_RESETS: Final = frozenset(
    {RequestType.RESET_DEVICE, RequestType.FACTORY_RESET, RequestType.DFU_MODE, RequestType.SAFE_MODE}
)
_ALLOWED_WHEN_PROTECTED: Final = frozenset(
    {
        RequestType.GET_PROTECTED_STATE,
        RequestType.SET_PROTECTED_STATE,
        RequestType.DEVICE_ID,
        RequestType.APP_CUSTOM,
    }
)

_SERVED_IN_DIALOGUES: Final = 5500
"""The version of Device OS (5.5.0) from which on requests are handled while the console waits for input."""


class ControlRequests:
    """The request handlers of one device while its firmware runs."""

    def __init__(self, system: System) -> None:
        """Begin with no group loaded."""
        self._system = system
        self._loaded: dict[str, Mapping[int, Entry]] = {}

    @property
    def handler(self) -> Handler:
        """What the control channel needs."""
        return Handler(self.run, self.announced, self._is_free)

    def _is_free(self) -> bool:
        """Tell whether the system thread works; that of older firmware waits where its console waits."""
        return not self._system.console_busy or system_version(self._system) >= _SERVED_IN_DIALOGUES

    def announced(self, kind: int) -> None:
        """Leave the cloud at once for a request that is about to reset the device or to make it listen."""
        if BootloaderSide(self._system).protected:
            return
        if kind in _RESETS:
            self._system.connection.automatic = False
        elif kind == RequestType.START_LISTENING:
            self._system.connection.drop()
            self._system.connection.seek()  # it sets out anew, and in listening mode gives up

    def run(self, kind: int, payload: bytes) -> Outcome:
        """Handle a request; its type is any number."""
        if BootloaderSide(self._system).protected and kind not in _ALLOWED_WHEN_PROTECTED:
            return Outcome(system_error.PROTECTED)
        if kind in self._system.policy.denied_requests and self._system.application_runs:
            return Outcome(system_error.NOT_ALLOWED)
        entry = self._entry(kind)
        if entry is None:
            return Outcome(system_error.NOT_SUPPORTED)
        try:
            outcome = entry.handle(payload)
        except RequestFailed as failed:
            outcome = Outcome(failed.result)
        return evolve(outcome, polls=1) if entry.slow else outcome

    def _entry(self, kind: int) -> Entry | None:
        """Return what handles a request in the Device OS that runs, or None."""
        group = next((name for kinds, name in GROUPS if kind in kinds), None)
        entry = self._group(group).get(kind) if group else None
        if entry is None:
            return None
        is_gen2 = self._system.hardware.platform.family == "gen2"
        running = system_version(self._system)
        return entry if any(running in span for span in (entry.gen2 if is_gen2 else entry.gen3)) else None

    def _group(self, name: str) -> Mapping[int, Entry]:
        if name not in self._loaded:
            module = import_module(f"particle_cli.simulators.control.{name}")
            self._loaded[name] = module.entries(self._system)
        return self._loaded[name]
