"""Applications that print: when they do, and when they stand still."""

from __future__ import annotations

from tests.simulators.cloud.compiling import built
from tests.simulators.serial_console.typing_host import TypingHost
from tests.simulators.talk import BORON

from particle_cli.domain.firmware.functions import ModuleFunction
from particle_cli.simulators.device import SimulatedDevice
from particle_cli.simulators.factory import new_device
from particle_cli.simulators.firmware.boot import Mode
from particle_cli.simulators.keeping import restored, state_of
from particle_cli.simulators.serial_console.program import TURN_MS

HEAD = '#include "Particle.h"\n'


def device_with(source: str) -> SimulatedDevice:
    """Return a Boron without power that has a compiled program."""
    device = new_device(BORON, small=True)
    slot = device.platform.module(ModuleFunction.USER_PART, 2)
    assert slot is not None
    assert slot.start is not None
    device.hardware.memory.replace(slot.start, built(HEAD + source).binary)
    return device


def running(source: str) -> TypingHost:
    """Return a host at a device that has come up with a program; the port is not open."""
    host = TypingHost(device_with(source))
    host.device.power_on()
    while host.device.mode is not Mode.NORMAL:
        host.next_alarm()
    return host


def let_pass(host: TypingHost, ms: float) -> bytes:
    """Let so much time pass on the agenda, with all that happens in it; return what was printed."""
    device, printed, left = host.device, b"", ms
    while alarms := [one for one in device.agenda.pending if one.name == "application"]:
        if alarms[0].after_ms > left:
            break
        left -= alarms[0].after_ms
        device.ring(alarms[0])
        printed += host.reads()
    return printed + host.reads()


TICKING = 'void setup() { Serial.println("up"); }\nvoid loop() { Serial.println("tick"); delay(1000); }\n'


def test_the_loop_turns_while_a_host_listens_and_stands_still_otherwise() -> None:
    host = running(TICKING)
    assert let_pass(host, 10_000) == b""
    host.device.serial.host_opens()
    assert let_pass(host, 2500) == b"tick\r\ntick\r\ntick\r\n"
    host.device.serial.host_closes()
    assert let_pass(host, 10_000) == b""
    host.device.serial.host_opens()
    assert let_pass(host, 500) == b"tick\r\n"


def test_a_device_whose_loop_turns_has_settled() -> None:
    host = running(TICKING)
    host.settle()
    host.device.serial.host_opens()
    assert host.device.agenda.pending
    assert host.device.settled


def test_what_setup_prints_before_a_host_opens_the_port_is_lost() -> None:
    host = running('void setup() { Serial.print("a"); delay(2000); Serial.print("b"); }\nvoid loop() {}\n')
    assert let_pass(host, 1000) == b""
    host.device.serial.host_opens()
    assert let_pass(host, 5000) == b"b"
    assert let_pass(host, 5000) == b""


def test_a_program_may_wait_for_the_host() -> None:
    for wait in ("waitUntil(Serial.isConnected);", "while (!Serial.isConnected()) Particle.process();"):
        host = running(f'void setup() {{ {wait} Serial.print("here"); }}\nvoid loop() {{}}\n')
        assert let_pass(host, 60_000) == b""
        host.device.serial.host_opens()
        assert let_pass(host, 10) == b"here"


def test_a_program_may_wait_for_the_host_for_a_while() -> None:
    waiting = 'waitFor(Serial.isConnected, 3000); delay(1000); Serial.print("go");'
    source = f"void setup() {{ {waiting} }}\nvoid loop() {{}}\n"
    host = running(source)
    assert let_pass(host, 3500) == b""
    host.device.serial.host_opens()
    assert let_pass(host, 1000) == b"go"
    host = running(source)
    assert let_pass(host, 2000) == b""
    host.device.serial.host_opens()
    assert let_pass(host, 500) == b""
    assert let_pass(host, 1000) == b"go"


def test_log_messages_tell_the_time_since_the_firmware_began() -> None:
    host = running(
        "SerialLogHandler logHandler(LOG_LEVEL_ALL);\nvoid setup() {}\n"
        'void loop() { Log.trace("a"); Log.info("b %d", 7); Log.warn("c"); Log.error("d"); delay(1000); }\n'
    )
    host.device.serial.host_opens()
    host.device.agenda.follow(lambda: 0.0)  # time stands still
    host.device.session.began_s = host.device.agenda.now_s - 1.2341
    assert let_pass(host, 500) == (
        b"0000001234 [app] TRACE: a\r\n"
        b"0000001234 [app] INFO: b 7\r\n"
        b"0000001234 [app] WARN: c\r\n"
        b"0000001234 [app] ERROR: d\r\n"
    )


def test_a_loop_without_a_delay_leaves_others_their_turn() -> None:
    host = running('void setup() {}\nvoid loop() { Serial.print("."); }\n')
    host.device.serial.host_opens()
    assert let_pass(host, 10 * TURN_MS) == b"." * 10


def test_listening_mode_halts_the_program_and_silences_it() -> None:
    host = running(TICKING)
    host.device.serial.host_opens()
    assert let_pass(host, 500) == b"up\r\ntick\r\n"
    host.device.listen(True)
    assert let_pass(host, 5000) == b""
    assert host.types(b"c") == b"Device claimed: no\r\n"
    host.device.listen(False)
    assert let_pass(host, 1500) == b"tick\r\ntick\r\n"


def test_a_reset_begins_anew() -> None:
    host = running('void setup() { delay(10); Serial.print("up"); }\nvoid loop() {}\n')
    host.device.serial.host_opens()
    assert let_pass(host, 100) == b"up"
    host.device.reset()
    assert not host.device.serial.is_open
    while host.device.mode is not Mode.NORMAL:
        host.next_alarm()
    host.device.serial.host_opens()
    assert let_pass(host, 100) == b"up"


def test_a_program_waits_for_room_and_gives_up_a_host_that_reads_nothing() -> None:
    host = running('void setup() {}\nvoid loop() { Serial.print("0123456789abcdef"); }\n')
    host.settle()
    host.device.serial.host_opens()
    for _ in range(100):
        host.next_alarm()
        if host.device.serial.congested:
            break
    assert host.device.serial.waiting == 17 * 16
    assert host.next_alarm() == TURN_MS  # finds no room
    assert not [one for one in host.device.agenda.pending if one.name == "application"]
    assert len(host.reads()) == 17 * 16
    assert let_pass(host, 2 * TURN_MS) == b"0123456789abcdef" * 2
    while not host.device.serial.congested:
        host.next_alarm()
    host.device.ring(next(one for one in host.device.agenda.pending if one.name == "serial stall"))
    assert not host.device.serial.is_open
    assert host.device.serial.waiting == 0


def test_where_the_program_stands_is_kept() -> None:
    host = running('void setup() { waitUntil(Serial.isConnected); Serial.print("first"); }\nvoid loop() {}\n')
    host.settle()
    sectors = dict(host.device.hardware.memory.changed())
    again = TypingHost(restored(state_of(host.device), sectors.get))
    again.device.serial.host_opens()
    assert let_pass(again, 10) == b"first"
    once_more = TypingHost(restored(state_of(again.device), sectors.get))
    once_more.device.serial.host_opens()
    assert let_pass(once_more, 10) == b""
