"""What the catalogue says of one platform.

Addresses and ids are integers, sizes are in bytes, `end` is exclusive, None means unknown or not
applicable. External flash of the nRF52840 is addressed as DFU does: its offset plus 0x80000000.

The values of a platform are made once, so that they need no comparison of their own; making methods for it,
and for a representation, would double what these classes cost at every start.
"""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen


@frozen(eq=False, repr=False)
class Interfaces:
    """Ways to a network that the hardware has."""

    wifi: bool
    cellular: bool
    ethernet: bool
    ble: bool
    wifi_scan_only: bool


@frozen(eq=False, repr=False)
class DeviceOsSupport:
    """Which Device OS there is: still built as of 6.2, else the last release line (None: unknown)."""

    in_6_2: bool
    last: str | None


@frozen(eq=False, repr=False)
class UsbIds:
    """Vendor and product id of one mode."""

    vendor_id: int
    product_id: int


@frozen(eq=False, repr=False)
class PlatformUsb:
    """USB identity in normal mode and in DFU mode, and peculiarities of the control requests."""

    normal: UsbIds
    dfu: UsbIds | None
    quirks: tuple[str, ...]
    product_string: str | None
    serial_is_device_id: bool | None

    @property
    def needs_data_stage(self) -> bool:
        """Whether a vendor OUT request without data must carry one dummy byte."""
        return "controlOutTransfersRequireDataStage" in self.quirks


@frozen(eq=False, repr=False)
class SectorRun:
    """Neighbouring sectors of one size and kind."""

    start: int
    end: int
    sector_size: int
    sector_count: int
    readable: bool
    erasable: bool
    writable: bool


@frozen(eq=False, repr=False)
class AltSetting:
    """One DFU alternate setting: a memory and the DfuSe string that describes it."""

    alt: int
    media: str
    descriptor: str
    descriptor_protected: str | None
    start: int
    end: int
    sectors: tuple[SectorRun, ...]


@frozen(eq=False, repr=False)
class PollTimeouts:
    """What the bootloader reports in bwPollTimeout, ms; `write` also for set-address."""

    erase: int
    write: int


@frozen(eq=False, repr=False)
class PlatformDfu:
    """The bootloader's DFU interface. `verified` is False where the family's values are assumed."""

    transfer_size: int
    bcd_device: int
    commands: tuple[int, ...]
    poll_timeout_ms: Mapping[str, PollTimeouts]
    manifest_state_reported: int
    alt_settings: tuple[AltSetting, ...]
    verified: bool


@frozen(eq=False, repr=False)
class DeviceIdForm:
    """Length and fixed first characters of device ids."""

    bytes: int
    hex_chars: int
    prefix: str | None


@frozen(eq=False, repr=False)
class PlatformModule:
    """One place for a firmware module.

    With `grows_left` the module ends at `end` and starts lower the larger it is. `flash_via` is `dfu`,
    `control_request` or `never`.
    """

    type: str
    function: int
    index: int
    storage: str
    encrypted: bool
    start: int | None
    end: int | None
    max_size: int | None
    grows_left: bool
    flash_via: str


@frozen(eq=False, repr=False)
class Region:
    """A named range of a memory; regions of different releases may overlap."""

    name: str
    media: str
    start: int
    end: int
    size: int
    sector_size: int


@frozen(eq=False, repr=False)
class FactorySlot:
    """Where the factory reset firmware lies; `constants_*` repeat what Particle's constants say."""

    alt: int
    address: int
    size: int
    constants_address: int
    constants_alt: int
    usable_by_node_cli: bool


@frozen(eq=False, repr=False)
class Segment:
    """A place reachable by DFU that is not a module."""

    alt: int
    address: int
    size: int


@frozen(eq=False, repr=False)
class Segments:
    """The platform's places that are not modules."""

    factory_reset: FactorySlot | None = None
    former_user_part: Segment | None = None
    ota_flag: Segment | None = None
    transport: Segment | None = None


@frozen(eq=False, repr=False)
class PrivateKeyPlace:
    """Where the device's private key lies: the slot that tools read, the field that the device has."""

    alt: int
    address: int
    slot_size: int
    field_size: int
    algorithm: str


@frozen(eq=False, repr=False)
class ServerKeyPlace:
    """Where the server's key lies, with the server's address and port at offsets from it."""

    alt: int
    address: int
    slot_size: int
    field_size: int
    algorithm: str
    address_offset: int
    port_offset: int


@frozen(eq=False, repr=False)
class ProtocolKeys:
    """The key places for one cloud protocol."""

    private_key: PrivateKeyPlace
    server_key: ServerKeyPlace


@frozen(eq=False, repr=False)
class PlatformKeys:
    """The key places by cloud protocol."""

    tcp: ProtocolKeys | None = None
    udp: ProtocolKeys | None = None


@frozen(eq=False, repr=False)
class AssetLimits:
    """The asset storage."""

    block_size: int
    storage_blocks: int
    reserved_blocks: int
    max_single_asset_size: int
    overhead_per_block: int
    overhead_per_asset: int


@frozen(eq=False, repr=False)
class Platform:
    """A kind of device. `family` selects protocol behaviour: core, gen2, nrf52840, rtl872x or None."""

    id: int
    name: str
    display_name: str
    aliases: tuple[str, ...]
    generation: int | None
    mcu: str
    family: str | None
    public: bool
    product_eligible: bool
    billing: str
    features: tuple[str, ...]
    cloud_protocol: str | None
    interfaces: Interfaces
    device_os: DeviceOsSupport
    usb: PlatformUsb | None
    device_id: DeviceIdForm | None
    dfu: PlatformDfu | None
    modules: tuple[PlatformModule, ...]
    flash_map: tuple[Region, ...]
    segments: Segments
    keys: PlatformKeys | None
    assets: AssetLimits | None
    known_apps: Mapping[str, str]

    def module(self, function: int, index: int) -> PlatformModule | None:
        """Return the place for a module function and index, or None."""
        return next((m for m in self.modules if (m.function, m.index) == (function, index)), None)
