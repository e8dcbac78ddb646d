"""The environment variables of a device: those of its application, and those from the cloud.

The application's lie in the asset `env` that came with it. The cloud sends all of its own at once, as a
snapshot with a hash; one of the same name takes the place of the application's.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

from attrs import frozen

from particle_cli.simulators.hardware.hardware import Hardware


@frozen
class Variable:
    """One variable; `of_application` tells where it comes from."""

    name: str
    value: str
    of_application: bool


class Environment:
    """The variables of one device.

    Attributes:
        from_cloud: the last snapshot, by name; empty where there is none. Set it as the cloud would.
    """

    def __init__(self, hardware: Hardware) -> None:
        """Begin without a snapshot."""
        self._hardware = hardware
        self.from_cloud: Mapping[str, str] = {}

    @property
    def variables(self) -> tuple[Variable, ...]:
        """What a program on the device sees, by name."""
        application = self._of_application()
        values = {**application, **self.from_cloud}
        return tuple(
            Variable(name, values[name], of_application=name not in self.from_cloud)
            for name in sorted(values)
        )

    @property
    def snapshot_hash(self) -> bytes | None:
        """The hash of the snapshot, or None where there is none."""
        from particle_cli.domain.firmware.env_vars import encode_env

        return sha256(encode_env(self.from_cloud)).digest() if self.from_cloud else None

    def _of_application(self) -> Mapping[str, str]:
        """Return what the asset `env` holds; one that cannot be read holds nothing."""
        from particle_cli.domain.firmware.assets import unwrap_asset
        from particle_cli.domain.firmware.bundle import ENV_ASSET
        from particle_cli.domain.firmware.env_vars import decode_env
        from particle_cli.domain.firmware.errors import FirmwareError
        from particle_cli.domain.firmware.module import parse_module
        from particle_cli.simulators.firmware.asset_store import stored_assets

        for asset in stored_assets(self._hardware):
            if asset.name == ENV_ASSET:
                data = self._hardware.memory.read(asset.address, asset.size)
                try:
                    return decode_env(unwrap_asset(parse_module(data, name=asset.name))[1])[0]
                except FirmwareError:
                    return {}
        return {}
