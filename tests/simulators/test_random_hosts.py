"""Hosts that send whatever comes to their mind: the devices answer by their tables, and never fall over."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from tests.simulators.talk import Host

from particle_cli.simulators.factory import new_device
from particle_cli.simulators.firmware.boot import BootRequest, Mode

BORON, P2, PHOTON, CORE = 13, 32, 6, 0
IDLE, SYNC, BUSY, DONE, MANIFEST_SYNC, MANIFEST, WAIT_RESET, UPLOADING, ERROR = 2, 3, 4, 5, 6, 7, 8, 9, 10

addresses = st.sampled_from(
    (0, 0x1000, 0xB4000, 0xB4010, 0xD4000, 0xFFFFF, 0x8020_0000, 0x0802_0000, 0x080A_0000, 0x0806_0000, 34)
)
commands = st.one_of(
    st.builds(
        lambda code, at: bytes((code,)) + at.to_bytes(4, "little"), st.sampled_from((0x21, 0x41)), addresses
    ),
    st.sampled_from((b"\x41", b"\x92", b"\x00", b"\xfb\0\0\0\0", b"\x77", b"\x21\x00")),
)


class Gen3Host(RuleBasedStateMachine):
    """Random DFU requests to a Gen 3 device, against a model of the documented states."""

    @initialize(number=st.sampled_from((BORON, P2)))
    def start(self, number: int) -> None:
        device = new_device(number, small=True)
        device.reset(BootRequest.DFU)
        self.host = Host(device)
        self.host.settle()
        self.state = IDLE
        self.stall_due = False
        self.stored = ""

    def expect(self, stalled: bool, allowed: set[int]) -> bool:
        """Tell whether the request was allowed; check that it stalled if it was not."""
        if self.stall_due:
            self.stall_due = False
            assert stalled
            return False
        if self.state not in allowed:
            assert stalled
            self.state = ERROR
            return False
        return True

    @rule(command=commands)
    def send_a_command(self, command: bytes) -> None:
        answer = self.host.download(0, command)
        if self.expect(answer.stalled, {IDLE, DONE}):
            assert not answer.stalled
            self.state, self.stored = SYNC, "hang" if command == b"\x00" else "command"

    @rule(block=st.integers(1, 5), size=st.integers(1, 64))
    def send_a_block(self, block: int, size: int) -> None:
        answer = self.host.download(block, b"\xa5" * size)
        if self.expect(answer.stalled, {IDLE, DONE}):
            assert not answer.stalled
            self.state, self.stored = SYNC, "block"

    @rule(block=st.integers(0, 9))
    def send_nothing(self, block: int) -> None:
        if self.expect(self.host.download(block, b"").stalled, {IDLE, DONE}):
            self.state = MANIFEST_SYNC

    @rule(block=st.integers(0, 4), length=st.integers(0, 4096))
    def read(self, block: int, length: int) -> None:
        answer = self.host.upload(block, length)
        assert len(answer.data) <= length
        if not self.expect(answer.stalled, {IDLE, UPLOADING}):
            return
        if block == 0:
            assert answer.data == bytes.fromhex("002141fafb")[:length]
            self.state = IDLE
        else:
            self.state = ERROR if answer.stalled else UPLOADING
            assert answer.stalled or len(answer.data) == length

    @rule()
    def get_status(self) -> None:
        shown = self.host.status()
        if not self.expect(shown == "stall", {IDLE, SYNC, DONE, MANIFEST_SYNC, UPLOADING, ERROR}):
            return
        status, state = (int(part, 16) for part in shown.split()[:2])
        if self.state == SYNC:
            assert (status, state) == (0, BUSY)
            self.state = self.after_the_work()
        elif self.state == MANIFEST_SYNC:
            assert (status, state) == (0, MANIFEST)
            self.state = WAIT_RESET
        else:
            assert state == self.state
            assert (status == 0) == (state != ERROR)

    def after_the_work(self) -> int:
        """Look what came of it, without asking the device over the wire."""
        if self.stored == "hang":
            return BUSY
        assert self.host.device.usb is not None
        machine = self.host.device.usb.conversation.machine  # type: ignore[attr-defined]
        assert machine.state in (DONE, ERROR)
        self.stall_due = machine.state == ERROR
        return int(machine.state)

    @rule()
    def get_state(self) -> None:
        shown = self.host.state()
        if self.expect(shown is None, {IDLE, SYNC, DONE, MANIFEST_SYNC, UPLOADING, ERROR}):
            assert shown == self.state

    @rule()
    def clear_status(self) -> None:
        if self.expect(self.host.clear().stalled, {ERROR}):
            self.state = IDLE

    @rule()
    def abort(self) -> None:
        if self.expect(self.host.abort().stalled, {IDLE, SYNC, DONE, MANIFEST_SYNC, UPLOADING}):
            self.state = IDLE

    @rule(alternate=st.integers(0, 3))
    def select(self, alternate: int) -> None:
        stalled = self.host.transfer(0x01, 11, alternate).stalled
        memories = 3 if self.host.device.platform_id == BORON else 2
        assert stalled == (alternate >= memories)

    @rule(request=st.integers(7, 255))
    def send_rubbish(self, request: int) -> None:
        assert self.host.transfer(0x21, request).stalled
        if self.stall_due:
            self.stall_due = False
        else:
            self.state = ERROR

    @rule(request=st.integers(0, 255))
    def ask_the_firmware(self, request: int) -> None:
        if request != 0xEE:
            assert self.host.transfer(0xC0, request, data=64).stalled

    @precondition(lambda self: self.state == WAIT_RESET)
    @rule()
    def let_it_reset(self) -> None:
        mode = self.host.settle()
        assert mode in (Mode.NORMAL, Mode.SAFE, Mode.DFU, Mode.DEAD)
        self.start(self.host.device.platform_id)

    @invariant()
    def a_reset_is_due_only_while_it_waits_for_it(self) -> None:
        if hasattr(self, "state"):
            assert bool(self.host.device.agenda.pending) == (self.state == WAIT_RESET)

    def teardown(self) -> None:
        """From wherever it is, a patient host gets it back to dfuIDLE."""
        if not hasattr(self, "state"):
            return
        for _ in range(4):
            shown = self.host.status()
            if shown.endswith(" 02 00"):
                break
            self.host.clear() if " 0a " in shown or shown == "stall" else self.host.abort()
        assert self.host.state() == IDLE


class OldHost(RuleBasedStateMachine):
    """Random DFU requests to the older bootloaders."""

    @initialize(number=st.sampled_from((PHOTON, CORE)))
    def start(self, number: int) -> None:
        device = new_device(number, small=True)
        device.reset(BootRequest.DFU)
        self.host = Host(device)
        self.host.settle()

    @rule(command=commands)
    def send_a_command(self, command: bytes) -> None:
        self.host.download(0, command)

    @rule(block=st.integers(1, 5), size=st.integers(0, 64))
    def send_a_block(self, block: int, size: int) -> None:
        self.host.download(block, b"\xa5" * size)

    @rule(block=st.integers(0, 4), length=st.integers(0, 1024))
    def read(self, block: int, length: int) -> None:
        answer = self.host.upload(block, length)
        assert len(answer.data) <= length

    @rule(request=st.sampled_from((0, 4, 6)))
    def send_another(self, request: int) -> None:
        self.host.transfer(0x21, request)

    @rule()
    def get_status(self) -> None:
        shown = self.host.status()
        if shown != "stall":
            status, state = (int(part, 16) for part in shown.split()[:2])
            assert (status, state) in {(0, one) for one in (2, 3, 4, 5, 9, 15)} | {(0x0E, ERROR)}

    @invariant()
    def the_state_is_a_known_one(self) -> None:
        if hasattr(self, "host") and self.host.mode() is Mode.DFU:
            assert self.host.state() in (None, 2, 3, 5, 6, 7, 9, 10, 15)

    def teardown(self) -> None:
        if hasattr(self, "host"):
            assert self.host.settle() in (Mode.DFU, Mode.NORMAL, Mode.SAFE)


class ControlHost(RuleBasedStateMachine):
    """Random service requests to the control channel."""

    @initialize()
    def start(self) -> None:
        device = new_device(BORON, small=True)
        self.host = Host(device)
        device.power_on()
        self.host.settle()
        self.unsent: dict[int, bytes] = {}
        self.sent: dict[int, bytes] = {}

    @property
    def active(self) -> int:
        return len(self.unsent) + len(self.sent)

    @rule(payload=st.binary(max_size=90))
    def init(self, payload: bytes) -> None:
        reply = self.host.transfer(0xC0, 1, len(payload), 1, 64).data
        if self.active == 4:
            assert reply.hex() == "010000000300"
            return
        number = int.from_bytes(reply[6:8], "little")
        assert number
        assert number not in self.unsent | self.sent
        assert reply[4] in (0, 2)
        if payload:
            self.unsent[number] = payload
        else:
            self.sent[number] = b""

    @rule(number=st.integers(0, 30))
    def check(self, number: int) -> None:
        reply = self.host.transfer(0xC0, 2, 0, number, 64).data
        if number in self.unsent:
            assert reply.hex() == "010000000000"
        elif number in self.sent:
            size = len(self.sent[number])
            assert (int.from_bytes(reply[6:10], "little") if size else 0) == size
            if not size:
                del self.sent[number]
        else:
            assert reply.hex() == "010000000500"

    @rule(number=st.integers(0, 30), surplus=st.integers(0, 1))
    def send(self, number: int, surplus: int) -> None:
        payload = self.unsent.get(number, b"x")
        answer = self.host.transfer(0x40, 3, 0, number, payload + b"x" * surplus)
        if not answer.stalled:
            assert not surplus
            self.sent[number] = self.unsent.pop(number)

    @rule(number=st.integers(0, 30), length=st.integers(0, 90))
    def receive(self, number: int, length: int) -> None:
        answer = self.host.transfer(0xC0, 4, 0, number, length)
        reply = self.sent.get(number, b"")
        assert answer.stalled == (not 1 <= length <= len(reply))
        if not answer.stalled:
            assert answer.data == reply[:length]
            self.sent[number] = reply[length:]
            if not self.sent[number]:
                del self.sent[number]
            else:  # the size that CHECK tells stays that of the whole reply
                self.host.transfer(0xC0, 5, 0, number, 64)
                del self.sent[number]

    @rule(number=st.integers(0, 30))
    def reset(self, number: int) -> None:
        reply = self.host.transfer(0xC0, 5, 0, number, 64).data
        if number == 0:
            assert reply[4] == 0
            self.unsent.clear()
            self.sent.clear()
        else:
            known = self.unsent.pop(number, None) is not None or self.sent.pop(number, None) is not None
            assert reply[4] == (0 if known else 5)

    @rule(request=st.integers(6, 255), length=st.integers(0, 64))
    def send_rubbish(self, request: int, length: int) -> None:
        if request not in (0x50, 0xEE):
            assert self.host.transfer(0xC0, request, data=length).stalled

    @invariant()
    def the_device_lives(self) -> None:
        if hasattr(self, "host"):
            assert self.host.mode() is Mode.NORMAL
            assert self.active <= 4


TestGen3Host = Gen3Host.TestCase
TestGen3Host.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestOldHost = OldHost.TestCase
TestOldHost.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)
TestControlHost = ControlHost.TestCase
TestControlHost.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
