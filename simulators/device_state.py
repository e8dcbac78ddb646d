"""What of a device must be kept, beside the sectors of its flash, to carry on with it later."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen

from particle_cli.simulators.firmware.application import Value


@frozen
class DeviceState:
    """The state of a device that has settled: plain values, fit for any store.

    Attributes:
        platform_id, device_id: which device it is.
        mode: value of its `Mode`.
        reason: why it is not in normal mode.
        network: whether there is a network for it.
        automatic: whether it wants to be online.
        online: whether it is connected to the cloud.
        override_resets: how many resets Device Protection stays overridden.
        updates_enabled: whether it takes firmware over control requests.
        variables: present values of the application's variables.
    """

    platform_id: int
    device_id: str
    mode: str
    network: bool = True
    automatic: bool = True
    online: bool = False
    override_resets: int = 0
    updates_enabled: bool = True
    variables: Mapping[str, Value] = field(factory=dict)
