"""The DFU state machines of the older bootloaders: Gen 2 (Photon, P1, Electron) and, a variation of it, Core.

They descend from ST's example. What sets them apart from Gen 3: an unacceptable request stalls and changes
nothing; after the work the state is dfuDNLOAD-SYNC again; a failed erase or write shows only as a stall (on
the Core not at all); the leave reports dfuDNLOAD-IDLE, and nothing stops the reset any more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from particle_cli.domain.platforms.values import PollTimeouts
from particle_cli.ports.usb import Setup
from particle_cli.simulators.dfu.gen3 import RESET_AFTER_MS, Bootloader
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

_QUIET = frozenset(
    {
        DfuState.IDLE,
        DfuState.DNLOAD_SYNC,
        DfuState.DNLOAD_IDLE,
        DfuState.MANIFEST_SYNC,
        DfuState.UPLOAD_IDLE,
    }
)

EFFECTIVE: Mapping[DfuRequest, frozenset[DfuState]] = {
    DfuRequest.DNLOAD: frozenset({DfuState.IDLE, DfuState.DNLOAD_IDLE}),
    DfuRequest.UPLOAD: frozenset({DfuState.IDLE, DfuState.UPLOAD_IDLE}),
    DfuRequest.GETSTATUS: frozenset(DfuState),
    DfuRequest.GETSTATE: frozenset(DfuState),
    DfuRequest.CLRSTATUS: frozenset(DfuState),
    DfuRequest.ABORT: _QUIET,
    DfuRequest.DETACH: _QUIET,
}
"""The states in which each request does something."""

ACKNOWLEDGED = frozenset({DfuRequest.ABORT, DfuRequest.DETACH})
"""Requests that are acknowledged without effect in all other states; the rest stalls."""


class DfuGen2:
    """One session of the bootloader.

    Attributes:
        state: bState.
        status: bStatus.
        pointer: the DfuSe address pointer.
        alternate: the alternate setting selected by SET_INTERFACE.
        late_stall: a failed operation stalls the GETSTATUS after it; False: the one that started it.
    """

    reports_failures = True
    detaches = True

    def __init__(
        self,
        media: Mapping[int, Medium],
        agenda: Agenda,
        bootloader: Bootloader,
        *,
        poll_timeouts: Mapping[int, PollTimeouts],
        transfer_size: int = 4096,
        late_stall: bool = True,
    ) -> None:
        """Begin in dfuIDLE with memories and reported poll time-outs by alternate setting."""
        self._media = media
        self._agenda = agenda
        self._bootloader = bootloader
        self._poll_timeouts = poll_timeouts
        self._transfer_size = transfer_size
        self.late_stall = late_stall
        self.state = DfuState.IDLE
        self.status = DfuStatus.OK
        self.pointer = 0
        self.alternate = 0
        self._stored: tuple[int, bytes] | None = None
        self._stall_next = False
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
            return STALL
        if (request in READING) != bool(setup.request_type & 0x80):
            return STALL
        if request is DfuRequest.DETACH and not self.detaches:
            return STALL
        if self.state in EFFECTIVE[request]:
            return self._handlers[request](setup, data)
        return DONE if request in ACKNOWLEDGED else STALL

    def _medium_at(self, address: int) -> Medium:
        return self._media[self.alternate]

    def _poll_timeouts_at(self, address: int) -> PollTimeouts:
        return self._poll_timeouts[self.alternate]

    def _address_of(self, block: int) -> int:
        return self.pointer + (block - FIRST_DATA_BLOCK) * self._transfer_size

    def _download(self, setup: Setup, data: bytes) -> Answer:
        if len(data) > self._transfer_size:
            return STALL
        if data:
            self._stored = (setup.value, bytes(data))
            self.state = DfuState.DNLOAD_SYNC
        else:
            self.state = DfuState.MANIFEST_SYNC
        return DONE

    def _upload(self, setup: Setup, data: bytes) -> Answer:
        if setup.length == 0:
            self.state = DfuState.IDLE
            return DONE
        if setup.value == 0:
            self.state = DfuState.IDLE if setup.length > 3 else DfuState.UPLOAD_IDLE
            return Answer(self._bootloader.commands[: setup.length])
        if setup.value < FIRST_DATA_BLOCK:
            self.state = DfuState.BOGUS
            return STALL
        if setup.length > self._transfer_size:
            return STALL
        address = self._address_of(setup.value)
        try:
            content = self._medium_at(address).read(address, setup.length)
        except MediumRefusal:
            return STALL
        self.state = DfuState.UPLOAD_IDLE
        return Answer(content)

    def _get_status(self, setup: Setup, data: bytes) -> Answer:
        if self.state is DfuState.DNLOAD_SYNC and self._stored:
            block, content = self._stored
            self._stored = None
            poll_ms = self._announced_ms(block, content)
            reply = status_reply(self.status, DfuState.DNBUSY, poll_ms=poll_ms)
            busy_ms, failed = self._execute(block, content)
            failed = failed and self.reports_failures
            if failed and not self.late_stall:
                return Answer(stalled=True, busy_ms=busy_ms)
            self._stall_next = failed
            return Answer(reply[: setup.length], busy_ms=busy_ms)
        shown = self.state
        if self.state is DfuState.DNLOAD_SYNC:
            self.state = shown = DfuState.DNLOAD_IDLE
        elif self.state is DfuState.MANIFEST_SYNC:
            self.state, shown = DfuState.MANIFEST, DfuState.DNLOAD_IDLE
            self._agenda.set("reset", RESET_AFTER_MS, self._bootloader.restart)
        elif self.state is DfuState.MANIFEST:
            shown = DfuState.DNLOAD_IDLE  # old versions of dfu-util wait for it
        return Answer(status_reply(self.status, shown)[: setup.length])

    def _announced_ms(self, block: int, content: bytes) -> int:
        is_erase = block == 0 and content[0] == DfuSeCommand.ERASE
        named = int.from_bytes(content[1:5], "little") if is_erase else self.pointer
        timeouts = self._poll_timeouts_at(named)
        return timeouts.erase if is_erase else timeouts.write

    def _get_state(self, setup: Setup, data: bytes) -> Answer:
        return Answer(bytes((self.state,))[: setup.length])

    def _clear_status(self, setup: Setup, data: bytes) -> Answer:
        if self.state is DfuState.ERROR:
            self.state, self.status = DfuState.IDLE, DfuStatus.OK
        else:
            self.state, self.status = DfuState.ERROR, DfuStatus.UNKNOWN
        return DONE

    def _abort(self, setup: Setup, data: bytes) -> Answer:
        self.state, self.status = DfuState.IDLE, DfuStatus.OK
        self._stored = None
        return DONE

    def _detach(self, setup: Setup, data: bytes) -> Answer:
        self.state = DfuState.IDLE
        self._agenda.set("reset", 0, lambda: self._bootloader.restart(detach=True))
        return DONE

    def _execute(self, block: int, content: bytes) -> tuple[float, bool]:
        """Do what was stored; return how long it takes, in ms, and whether it failed."""
        try:
            if block >= FIRST_DATA_BLOCK:
                address = self._address_of(block)
                return self._medium_at(address).write(address, content), False
            if (
                block == 0
                and len(content) == 5
                and content[0] in (DfuSeCommand.SET_ADDRESS, DfuSeCommand.ERASE)
            ):
                self.pointer = int.from_bytes(content[1:], "little")
                if content[0] == DfuSeCommand.ERASE:
                    return self._medium_at(self.pointer).erase(self.pointer), False
                return 0.0, False
        except MediumRefusal:
            return 0.0, True
        return 0.0, content != bytes((DfuSeCommand.GET_COMMANDS,))


class DfuCore(DfuGen2):
    """The Core's bootloader: the address selects the memory, and failures are not reported at all."""

    reports_failures = False
    detaches = False

    _SERIAL_FLASH_END = 0x0800_0000

    def _alternate_at(self, address: int) -> int:
        return 1 if address < self._SERIAL_FLASH_END else 0

    def _medium_at(self, address: int) -> Medium:
        return self._media[self._alternate_at(address)]

    def _poll_timeouts_at(self, address: int) -> PollTimeouts:
        return self._poll_timeouts[self._alternate_at(address)]
