"""What of a device must be kept, beside the sectors of its flash, to carry on with it later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import field, frozen

from particle_cli.simulators.firmware.application import Value


@frozen
class DeviceState:
    """The state of a device that has settled: plain values, fit for any store.

    Attributes:
        platform_id, device_id: which device it is.
        mode: value of its `Mode`.
        mode_behind_listening: the same of the mode that it goes back to from listening mode.
        network: whether there is a network for it.
        automatic: whether it wants to be online.
        online: whether it is connected to the cloud.
        linked: whether it is connected with a network.
        radios: what its radios keep, as `network.keeping` writes it; empty: as from the factory.
        override_resets, override_s: for how long Device Protection stays overridden.
        updates_enabled, updates_forced: whether it takes firmware, and whether it has to.
        variables: present values of the application's variables.
        environment: its environment variables from the cloud.
        listening_allowed, log_config, denied_requests: see `ApplicationPolicy`.
        uptime_s, reset_reason, nyan, log_handlers, step: what its firmware has in RAM.
        publishes: whether its application goes on to publish events by itself.
        faults: what is broken about it.
    """

    platform_id: int
    device_id: str
    mode: str
    mode_behind_listening: str = "normal"
    network: bool = True
    automatic: bool = True
    online: bool = False
    linked: bool = False
    radios: str = field(default="", repr=False)
    override_resets: int = 0
    override_s: float = 86400.0
    updates_enabled: bool = True
    updates_forced: bool = False
    variables: Mapping[str, Value] = field(factory=dict)
    environment: Mapping[str, str] = field(factory=dict, repr=False)
    listening_allowed: bool = True
    log_config: bool = False
    denied_requests: Sequence[int] = ()
    uptime_s: float = 0.0
    reset_reason: int = 40
    nyan: bool = False
    log_handlers: Mapping[str, str] = field(factory=dict)
    step: int = 0
    publishes: bool = False
    faults: Sequence[str] = ()
