"""A host without a bus: talks to a simulated device transfer by transfer, and lets its alarms ring."""

from __future__ import annotations

from particle_cli.ports.usb import Setup
from particle_cli.simulators.device import SimulatedDevice
from particle_cli.simulators.firmware.boot import Mode
from particle_cli.simulators.usb.answer import Answer

BORON = 13


class Host:
    """One device, and the ways to talk to it.

    Attributes:
        busy_ms: how long the device has been too busy to answer, in all.
        waited_ms: how long its alarms have taken, in all.
    """

    def __init__(self, device: SimulatedDevice) -> None:
        self.device = device
        self.busy_ms = 0.0
        self.waited_ms = 0.0

    def raw(self, setup: str, data: bytes = b"") -> Answer:
        """Make a transfer given as eight bytes in hexadecimal."""
        kind, request, v0, v1, i0, i1, l0, l1 = bytes.fromhex(setup)
        answer = self.device.transfer(Setup(kind, request, v0 | v1 << 8, i0 | i1 << 8, l0 | l1 << 8), data)
        self.busy_ms += answer.busy_ms
        return answer

    def transfer(
        self, kind: int, request: int, value: int = 0, index: int = 0, data: int | bytes = b""
    ) -> Answer:
        """Make a transfer: `data` are bytes to send, or how many to read."""
        length = data if isinstance(data, int) else len(data)
        sent = b"" if isinstance(data, int) else data
        answer = self.device.transfer(Setup(kind, request, value, index, length), sent)
        self.busy_ms += answer.busy_ms
        return answer

    def mode(self) -> Mode:
        """What the device is doing now."""
        return self.device.mode

    def settle(self) -> Mode:
        """Let everything happen that is under way, but what goes on for ever."""
        while not self.device.settled:
            pending = (one for one in self.device.agenda.pending if not one.background)
            alarm = min(pending, key=lambda one: one.after_ms)
            self.waited_ms += alarm.after_ms
            self.device.ring(alarm)
        return self.device.mode

    # DFU

    def download(self, block: int, data: bytes) -> Answer:
        return self.transfer(0x21, 1, block, data=data)

    def upload(self, block: int, length: int) -> Answer:
        return self.transfer(0xA1, 2, block, data=length)

    def status(self) -> str:
        """GETSTATUS: status, state and text index in hexadecimal, or `stall`."""
        answer = self.transfer(0xA1, 3, data=6)
        if answer.stalled:
            return "stall"
        return f"{answer.data[0]:02x} {answer.data[4]:02x} {answer.data[5]:02x}"

    def state(self) -> int | None:
        answer = self.transfer(0xA1, 5, data=1)
        return None if answer.stalled else answer.data[0]

    def clear(self) -> Answer:
        return self.transfer(0x21, 4)

    def abort(self) -> Answer:
        return self.transfer(0x21, 6)

    def command(self, command: int, address: int | None = None) -> list[str]:
        """Send a DfuSe command; return what two GETSTATUS say."""
        argument = b"" if address is None else address.to_bytes(4, "little")
        assert not self.download(0, bytes((command,)) + argument).stalled
        return [self.status(), self.status()]

    def write(self, address: int, data: bytes) -> list[str]:
        """Set the address and send one block."""
        self.command(0x21, address)
        self.download(2, data)
        return [self.status(), self.status()]

    def select(self, alternate: int) -> None:
        assert not self.transfer(0x01, 11, alternate).stalled

    # Control requests

    def request(self, kind: int, payload: bytes = b"") -> tuple[int, bytes]:
        """Make a whole control request; return result and reply."""
        opened = self.transfer(0xC0, 1, len(payload), kind, 64).data
        number = int.from_bytes(opened[6:8], "little")
        if payload:
            if opened[4] == 2:
                assert self.transfer(0xC0, 2, 0, number, 64).data[4] == 0
            assert not self.transfer(0x40, 3, 0, number, payload).stalled
        for _ in range(100):
            checked = self.transfer(0xC0, 2, 0, number, 64).data
            if checked[4] != 2:
                break
            for alarm in self.device.agenda.pending:
                if alarm.name == "control request":
                    self.waited_ms += alarm.after_ms
                    self.device.ring(alarm)
        assert checked[4] == 0, checked.hex()
        size = int.from_bytes(checked[6:10], "little") if checked[0] & 4 else 0
        result = int.from_bytes(checked[-4:], "little", signed=True)
        reply = self.transfer(0xC0, 4, 0, number, size).data if size else b""
        return result, reply
