"""Where a device keeps its keys and passwords: what travels from and to there is marked as secret.

The configuration (DCT) has an alternate setting of its own, but the same bytes can be reached elsewhere: on
Gen 2 in two sectors of the internal flash, on Gen 3 and later as a file in the device's file system, where
Wi-Fi passwords lie as well; the Core keeps its keys in sectors of its serial flash.
"""

from __future__ import annotations

from typing import Final

from attrs import frozen

from particle_cli.domain.dfu.memory_map import MemoryMap
from particle_cli.domain.platforms.names import usb_identity
from particle_cli.ports.usb import AttachedDevice

_DCT_NAMES: Final = ("DCT", "DCD")  # the latter by a slip of Device OS before 4.0, and in 5.0
_SECRET_REGIONS: Final = frozenset({"dct", "filesystem", "server_public_key", "device_private_key"})
_ADDRESS_SPACE: Final = 1 << 32


@frozen
class SecretPlaces:
    """The ranges of one memory that hold keys or passwords, each as (start, end), end exclusive."""

    ranges: tuple[tuple[int, int], ...] = ()

    def touched(self, address: int, size: int) -> bool:
        """Tell whether a range reaches into one of them."""
        return any(start < address + size and address < end for start, end in self.ranges)


def secret_places(device: AttachedDevice, alternate: int, memory: MemoryMap) -> SecretPlaces:
    """Return the secret ranges of the memory behind an alternate setting.

    A configuration is known by its name on any device; the other places are those that the platform
    catalogue has for the device, none for a platform that it does not know.
    """
    if memory.name.startswith(_DCT_NAMES):
        return SecretPlaces(((0, _ADDRESS_SPACE),))
    identity = usb_identity(device.vendor_id, device.product_id)
    if identity is None:
        return SecretPlaces()
    from particle_cli.domain.platforms.catalogue import platform  # not needed to leave DFU mode

    about = platform(identity[0])
    settings = about.dfu.alt_settings if about.dfu else ()
    media = {setting.media for setting in settings if setting.alt == alternate}
    return SecretPlaces(
        tuple(
            (region.start, region.end)
            for region in about.flash_map
            if region.media in media and region.name in _SECRET_REGIONS
        )
    )
