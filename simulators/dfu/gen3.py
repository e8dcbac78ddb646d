"""The DFU state machine of Gen 3 bootloaders (nRF52840 and RTL872x): strict, and silent while it works.

A DNLOAD only stores; the work is done after the GETSTATUS that reports dfuDNBUSY, and the device does not
answer until it is finished (bwPollTimeout is always 0). A request that the state does not allow stalls and
leads to dfuERROR; that includes a GETSTATUS too many after the leave, which so cancels the reset.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from particle_cli.ports.usb import Setup
from particle_cli.simulators.dfu.media import Medium, MediumRefusal
from particle_cli.simulators.dfu.protocol import (
    FIRST_DATA_BLOCK,
    READING,
    DfuRequest,
    DfuSeCommand,
    DfuState,
    DfuStatus,
    status_reply,
)
from particle_cli.simulators.usb.answer import DONE, STALL, Agenda, Answer

RESET_AFTER_MS = 500.0

_QUIET = frozenset(
    {
        DfuState.IDLE,
        DfuState.DNLOAD_SYNC,
        DfuState.DNLOAD_IDLE,
        DfuState.MANIFEST_SYNC,
        DfuState.UPLOAD_IDLE,
    }
)

ALLOWED: Mapping[DfuRequest, frozenset[DfuState]] = {
    DfuRequest.DNLOAD: frozenset({DfuState.IDLE, DfuState.DNLOAD_IDLE}),
    DfuRequest.UPLOAD: frozenset({DfuState.IDLE, DfuState.UPLOAD_IDLE}),
    DfuRequest.GETSTATUS: frozenset(DfuState) - {DfuState.DNBUSY, DfuState.MANIFEST_WAIT_RESET},
    DfuRequest.GETSTATE: frozenset(DfuState)
    - {DfuState.DNBUSY, DfuState.MANIFEST, DfuState.MANIFEST_WAIT_RESET},
    DfuRequest.CLRSTATUS: frozenset({DfuState.ERROR}),
    DfuRequest.ABORT: _QUIET,
    DfuRequest.DETACH: _QUIET,
}
"""The states in which each request is acceptable."""


class Bootloader(Protocol):
    """What the state machine needs of the device around it."""

    @property
    def commands(self) -> bytes:
        """The DfuSe commands that this bootloader's version knows."""
        ...

    @property
    def protected(self) -> bool:
        """Whether Device Protection is in force: nothing may be read or written."""
        ...

    @property
    def error_text_index(self) -> int:
        """The string descriptor that explains a refusal by Device Protection."""
        ...

    def restart(self, *, safe_mode: bool = False, detach: bool = False) -> None:
        """Reset now: into the firmware, into its safe mode, or back into the bootloader."""
        ...

    def clear_override(self) -> None:
        """End the service mode of a protected device."""
        ...


class DfuGen3:
    """One session of the bootloader.

    Attributes:
        state: bState.
        status: bStatus.
        pointer: the DfuSe address pointer.
        alternate: the alternate setting selected by SET_INTERFACE.
        late_stall: an error in the work stalls the next request; False: the GETSTATUS that started it.
            Real devices show either, depending on when the stall of endpoint 0 meets the host.
    """

    def __init__(
        self,
        media: Mapping[int, Medium],
        agenda: Agenda,
        bootloader: Bootloader,
        *,
        transfer_size: int = 4096,
        late_stall: bool = True,
    ) -> None:
        """Begin in dfuIDLE with the memories by alternate setting."""
        self._media = media
        self._agenda = agenda
        self._bootloader = bootloader
        self._transfer_size = transfer_size
        self.late_stall = late_stall
        self.state = DfuState.IDLE
        self.status = DfuStatus.OK
        self.pointer = 0
        self.alternate = 0
        self._text_index = 0
        self._stored: tuple[int, bytes] = (0, b"")
        self._stall_next = False
        self._safe_mode = False
        self._handlers: Mapping[DfuRequest, Callable[[Setup, bytes], Answer]] = {
            DfuRequest.DNLOAD: self._download,
            DfuRequest.UPLOAD: self._upload,
            DfuRequest.GETSTATUS: self._get_status,
            DfuRequest.GETSTATE: self._get_state,
            DfuRequest.CLRSTATUS: self._clear_status,
            DfuRequest.ABORT: self._abort,
            DfuRequest.DETACH: self._detach,
        }

    def handle(self, setup: Setup, data: bytes) -> Answer:
        """Answer one class request to the DFU interface."""
        if self._stall_next:
            self._stall_next = False
            return STALL
        try:
            request = DfuRequest(setup.request)
        except ValueError:
            return self._refuse()
        if (request in READING) != bool(setup.request_type & 0x80) or self.state not in ALLOWED[request]:
            return self._refuse()
        return self._handlers[request](setup, data)

    def _refuse(self) -> Answer:
        self._fail(DfuStatus.UNKNOWN)
        return STALL

    def _fail(self, status: DfuStatus, *, text_index: int = 0) -> None:
        if self.state is DfuState.MANIFEST_WAIT_RESET:
            self._agenda.cancel("reset")
        self.state, self.status, self._text_index = DfuState.ERROR, status, text_index

    def _protection_error(self) -> Answer:
        self._fail(DfuStatus.VENDOR, text_index=self._bootloader.error_text_index)
        return DONE

    def _download(self, setup: Setup, data: bytes) -> Answer:
        if len(data) > self._transfer_size:
            return self._refuse()
        if not data:
            self.state = DfuState.MANIFEST_SYNC
            return DONE
        is_extension = setup.value == 0 and data[0] in (DfuSeCommand.SAFE_MODE, DfuSeCommand.CLEAR_OVERRIDE)
        if self._bootloader.protected and not is_extension:
            return self._protection_error()
        self._stored = (setup.value, bytes(data))
        self.state = DfuState.DNLOAD_SYNC
        return DONE

    def _upload(self, setup: Setup, data: bytes) -> Answer:
        if setup.value == 0:
            self.state = DfuState.IDLE
            return Answer(self._bootloader.commands[: setup.length])
        if setup.value < FIRST_DATA_BLOCK or setup.length > self._transfer_size:
            return self._refuse()
        if self._bootloader.protected:
            return self._protection_error()
        address = self.pointer + (setup.value - FIRST_DATA_BLOCK) * self._transfer_size
        try:
            content = self._media[self.alternate].read(address, setup.length)
        except MediumRefusal as refusal:
            if refusal.protection:
                return self._protection_error()
            return self._refuse()
        self.state = DfuState.UPLOAD_IDLE
        return Answer(content)

    def _get_status(self, setup: Setup, data: bytes) -> Answer:
        if self.state is DfuState.DNLOAD_SYNC:
            self.state = DfuState.DNBUSY
            reply = self._report()[: setup.length]
            busy_ms, failed = self._execute()
            if failed and not self.late_stall:
                return Answer(stalled=True, busy_ms=busy_ms)
            self._stall_next = failed
            return Answer(reply, busy_ms=busy_ms)
        if self.state is DfuState.MANIFEST_SYNC:
            self.state, self.status = DfuState.MANIFEST, DfuStatus.OK
            reply = self._report()[: setup.length]
            self.state = DfuState.MANIFEST_WAIT_RESET
            self._agenda.set("reset", RESET_AFTER_MS, self._leave)
            return Answer(reply)
        return Answer(self._report()[: setup.length])

    def _report(self) -> bytes:
        return status_reply(self.status, self.state, text_index=self._text_index)

    def _leave(self) -> None:
        self._bootloader.restart(safe_mode=self._safe_mode)

    def _get_state(self, setup: Setup, data: bytes) -> Answer:
        return Answer(bytes((self.state,))[: setup.length])

    def _clear_status(self, setup: Setup, data: bytes) -> Answer:
        self.state, self.status, self._text_index = DfuState.IDLE, DfuStatus.OK, 0
        return DONE

    def _abort(self, setup: Setup, data: bytes) -> Answer:
        return self._clear_status(setup, data)  # the address pointer is kept

    def _detach(self, setup: Setup, data: bytes) -> Answer:
        self.state = DfuState.IDLE
        self._agenda.set("reset", 0, lambda: self._bootloader.restart(detach=True))
        return DONE

    def _execute(self) -> tuple[float, bool]:
        """Do what was stored; return how long it takes, in ms, and whether it failed with a stall."""
        block, data = self._stored
        try:
            if block == 0:
                return self._command(data), False
            if block < FIRST_DATA_BLOCK:
                raise MediumRefusal(DfuStatus.TARGET)
            address = self.pointer + (block - FIRST_DATA_BLOCK) * self._transfer_size
            busy_ms = self._media[self.alternate].write(address, data)
        except MediumRefusal as refusal:
            if refusal.protection:
                self._protection_error()
                return 0.0, False
            self._fail(refusal.status)
            return 0.0, True
        self.state = DfuState.DNLOAD_IDLE
        return busy_ms, False

    def _command(self, data: bytes) -> float:
        """Do a DfuSe command; return how long it takes. Raises: MediumRefusal."""
        command, argument = data[0], data[1:]
        known = command in self._bootloader.commands
        if command == DfuSeCommand.GET_COMMANDS:
            return 0.0  # nothing happens, and the state stays dfuDNBUSY
        busy_ms = 0.0
        if command == DfuSeCommand.SET_ADDRESS and len(argument) == 4:
            self.pointer = int.from_bytes(argument, "little")
        elif command == DfuSeCommand.ERASE and len(argument) == 4:
            busy_ms = self._media[self.alternate].erase(int.from_bytes(argument, "little"))
        elif command == DfuSeCommand.ERASE and not argument:
            raise MediumRefusal(DfuStatus.TARGET)  # mass erase
        elif command in (DfuSeCommand.SET_ADDRESS, DfuSeCommand.ERASE, DfuSeCommand.READ_UNPROTECT):
            raise MediumRefusal(DfuStatus.UNKNOWN)
        elif command == DfuSeCommand.SAFE_MODE and known:
            self._safe_mode = True
            self.state = DfuState.MANIFEST_SYNC
            return 0.0
        elif command == DfuSeCommand.CLEAR_OVERRIDE and known:
            self._bootloader.clear_override()
        else:
            raise MediumRefusal(DfuStatus.STALLEDPKT)
        self.state = DfuState.DNLOAD_IDLE
        return busy_ms
