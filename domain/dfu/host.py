"""Reading and writing a device's memory through its bootloader."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Final, TypeVar

from particle_cli.domain.dfu.blocks import BlockTransfer
from particle_cli.domain.dfu.errors import CommandUnknown, DfuFailed, DfuRefused, MemoryLocked
from particle_cli.domain.dfu.interface import (
    CONFIGURATION,
    CONFIGURATION_HEAD,
    DfuInterface,
    parse_interface,
    total_length,
)
from particle_cli.domain.dfu.link import DfuLink
from particle_cli.domain.dfu.memory_map import MemoryMap, parse_memory_map
from particle_cli.domain.dfu.policy import Patience
from particle_cli.domain.dfu.progress import Listener
from particle_cli.domain.dfu.protection import STATE_TEXT_INDEX, Protection, parse_state_text
from particle_cli.domain.dfu.protocol import COMMAND_BLOCK, FIRST_DATA_BLOCK, Command, State
from particle_cli.domain.dfu.secrets import SecretPlaces, secret_places
from particle_cli.domain.dfu.verification import Differs, NotVerified, Verification, Verified, compare
from particle_cli.domain.errors import DeviceProtected
from particle_cli.ports.clock import Clock
from particle_cli.ports.usb import UsbHandle, UsbStall, UsbTimeout

T = TypeVar("T")

_MOST_COMMANDS: Final = 1024
_LEAVING: Final = frozenset({State.MANIFEST, State.MANIFEST_WAIT_RESET, State.DNLOAD_IDLE})
"""What a bootloader reports after a leave; Gen 2 says dfuDNLOAD-IDLE, to please old hosts."""
_TO_SAFE_MODE: Final = frozenset({State.MANIFEST, State.MANIFEST_WAIT_RESET})


class DfuHost:
    """The host's side of DFU with one device.

    Every method may raise UsbGone when the device is unplugged, and ProtocolError when it speaks nonsense.
    An interrupted or failed call leaves the bootloader in some state that the next call finds its way out of.

    Attributes:
        interface: the device's DFU interface.
    """

    def __init__(self, handle: UsbHandle, link: DfuLink, interface: DfuInterface) -> None:
        """Use `open` instead."""
        self._handle = handle
        self._link = link
        self._blocks = BlockTransfer(link, interface.transfer_size)
        self.interface = interface
        self._selected: int | None = None
        self._maps: dict[int, MemoryMap] = {}

    @classmethod
    async def open(cls, handle: UsbHandle, clock: Clock, *, patience: Patience | None = None) -> DfuHost:
        """Begin to work with the bootloader on an open handle, which stays the caller's to close.

        Raises: ProtocolError (no DFU interface), UsbBusy (another program uses it).
        """
        patience = patience or Patience()

        async def configuration() -> bytes:
            head = await handle.descriptor(CONFIGURATION, length=CONFIGURATION_HEAD)
            return await handle.descriptor(CONFIGURATION, length=total_length(head))

        interface = parse_interface(await _again(configuration, patience))
        await handle.claim(interface.number)
        return cls(handle, DfuLink(handle, clock, interface.number, patience), interface)

    @property
    def transfer_size(self) -> int:
        """Bytes of one block; blocks of a write are counted in it from the first address."""
        return self.interface.transfer_size

    async def memory(self, alternate: int) -> MemoryMap:
        """Select an alternate setting, and return the memory behind it.

        Raises: NoSuchMemory, MemoryMapError.
        """
        chosen = self.interface.alternate(alternate)
        if alternate not in self._maps:
            text = await _again(lambda: self._handle.string(chosen.text_index), self._link.patience)
            self._maps[alternate] = parse_memory_map(text)
        if self._selected != alternate:
            await _again(
                lambda: self._handle.set_alternate(self.interface.number, alternate), self._link.patience
            )
            self._selected = alternate
        return self._maps[alternate]

    async def write(
        self,
        alternate: int,
        address: int,
        data: bytes | memoryview,
        *,
        order: Sequence[int] | None = None,
        erase: bool = True,
        progress: Listener | None = None,
    ) -> None:
        """Erase the sectors that a range touches, each once, and write it.

        Nothing is sent before the whole range is known to be writable. What else lies in the sectors is lost.

        Args:
            alternate: the alternate setting.
            address: where the data goes.
            data: the bytes.
            order: the blocks of `transfer_size` bytes in the order of writing, each number from 0 once;
                ascending without it.
            erase: False for memory that takes any bytes at any time, as the configuration (DCT) does.
            progress: is told of the erasing and of the writing.

        Raises: OutsideMemory, MemoryLocked, DeviceProtected, DfuRefused, DfuFailed.
        """
        memory = await self.memory(alternate)
        memory.require_writable(address, len(data))
        blocks = self._blocks.in_order(len(data), order)
        sectors = memory.sectors(address, len(data)) if erase else ()
        await self._link.to_idle()
        await self._blocks.erase(sectors, progress)
        await self._blocks.program(
            address, memoryview(data), blocks, self._secrets(alternate, memory), progress
        )

    async def read(
        self, alternate: int, address: int, size: int, *, progress: Listener | None = None
    ) -> bytes:
        """Return a range of memory.

        Raises: OutsideMemory, MemoryLocked, DeviceProtected, DfuRefused, DfuFailed.
        """
        memory = await self.memory(alternate)
        memory.require_readable(address, size)
        parts: list[bytes] = []

        def keep(_: int, part: bytes) -> bool:
            parts.append(part)
            return True

        await self._blocks.upload(address, size, keep, self._secrets(alternate, memory), progress)
        return b"".join(parts)

    async def verify(
        self, alternate: int, address: int, data: bytes | memoryview, *, progress: Listener | None = None
    ) -> Verification:
        """Read a range of memory back up to the first byte that differs from the data.

        A device that does not let itself be read is no error: the result then is NotVerified.

        Raises: OutsideMemory, DfuFailed.
        """
        memory = await self.memory(alternate)
        wanted = memoryview(data)
        difference: Differs | None = None

        def same(at: int, part: bytes) -> bool:
            nonlocal difference
            start = at - address
            difference = compare(at, wanted[start : start + len(part)], part)
            return difference is None

        try:
            memory.require_readable(address, len(data))
            secrets = self._secrets(alternate, memory)
            await self._blocks.upload(address, len(data), same, secrets, progress)
        except (DeviceProtected, DfuRefused, MemoryLocked) as refusal:
            return NotVerified(refusal.message)
        return difference or Verified(len(data))

    async def protection(self) -> Protection:
        """Tell whether Device Protection restricts the device.

        Bootloaders before Device OS 6.1.2 tell it only by their memory map, which does not know of service
        mode; those before 6.0 know no protection.
        """
        try:
            told = parse_state_text(await self._handle.string(STATE_TEXT_INDEX))
        except (UsbStall, UsbTimeout):
            told = None
        if told:
            return told
        memory = await self.memory(self.interface.alternates[0].number)
        return Protection.PROTECTED if memory.protected else Protection.OPEN

    async def leave(self) -> None:
        """Ask the device to reset into its firmware; only the bus tells when it has.

        Raises: DfuFailed when it stays.
        """
        await self._link.depart(FIRST_DATA_BLOCK, b"", _LEAVING)

    async def enter_safe_mode(self) -> None:
        """Ask the device to reset into its firmware without running the application.

        Raises: CommandUnknown for bootloaders before Device OS 6.1.1; DfuFailed.
        """
        await self._require_command(Command.SAFE_MODE)
        await self._link.depart(COMMAND_BLOCK, bytes((Command.SAFE_MODE,)), _TO_SAFE_MODE)

    async def end_service_mode(self) -> None:
        """Put a protected device out of service mode.

        Raises: CommandUnknown for bootloaders before Device OS 6.2; DfuFailed.
        """
        await self._require_command(Command.CLEAR_OVERRIDE)
        command = bytes((Command.CLEAR_OVERRIDE, 0, 0, 0, 0))
        await self._link.insist("ending service mode", lambda: self._link.perform(COMMAND_BLOCK, command))

    def _secrets(self, alternate: int, memory: MemoryMap) -> SecretPlaces:
        return secret_places(self._handle.device, alternate, memory)

    async def _require_command(self, command: Command) -> None:
        """Make sure that the bootloader knows a command. Raises: CommandUnknown."""
        await self._link.to_idle()
        known = await self._link.insist(
            "asking for its commands", lambda: self._link.upload(COMMAND_BLOCK, _MOST_COMMANDS)
        )
        if command not in known:
            raise CommandUnknown(
                f"{self._link.device}: the bootloader does not know the command 0x{command:02X}.",
                next_step="Update its Device OS: particle flash --local tinker --target VERSION",
            )


async def _again(once: Callable[[], Awaitable[T]], patience: Patience) -> T:
    """Repeat a standard request that changes nothing, or always the same, until it is answered.

    Raises: DfuFailed when it never is.
    """
    for _ in range(patience.attempts - 1):
        try:
            return await once()
        except (UsbStall, UsbTimeout):
            continue
    try:
        return await once()
    except (UsbStall, UsbTimeout) as fault:
        raise DfuFailed(
            f"The device does not describe its memory: {fault.message}",
            next_step="Unplug the device, plug it in again, and put it in DFU mode.",
        ) from fault
