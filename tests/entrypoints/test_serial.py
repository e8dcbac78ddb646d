"""`particle serial …` and `particle identify` on devices of the embedded world, and on ports that fail."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from tests.domain.serial_console.scripted_line import ScriptedLine, transcript
from tests.entrypoints.conftest import Particle

from particle_cli.entrypoints.wires import Wires
from particle_cli.ports.errors import ParticleError
from particle_cli.ports.serial import (
    SerialAccessDenied,
    SerialBusy,
    SerialError,
    SerialGone,
    SerialLine,
    SerialPort,
)
from particle_cli.ports.usb import UsbUnavailable

BORON = "e00fce6881c2e7b9a5114a8a"


def add(sim: Particle, *platforms: str) -> list[str]:
    """Add devices named after their platforms, and return their ids."""
    return [
        str(sim("sim", "add", platform, "--name", f"my-{platform}", "--json").data["id"])
        for platform in platforms
    ]


class Ports:
    """Serial ports as a script has them."""

    def __init__(self, ports: Sequence[SerialPort], line: SerialLine | SerialError | None = None) -> None:
        self._ports = ports
        self._line = line

    async def ports(self) -> tuple[SerialPort, ...]:
        return tuple(self._ports)

    async def open(self, path: str, *, baud_rate: int) -> SerialLine:
        if self._line is None or isinstance(self._line, ParticleError):
            raise self._line or AssertionError(path)
        return self._line


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> Callable[[Ports], None]:
    """Put scripted ports in the place of those of the world."""
    return lambda ports: monkeypatch.setattr(Wires, "serial", ports)


Scripted = Callable[[Ports], None]

STRANGER = SerialPort("/dev/ttyACM7", 0x2341, 0x0043, "7543", "Arduino")
NAMELESS = SerialPort("/dev/ttyACM2", 0x1234, 0x5678, None, "Photon")
HERE = SerialPort("/dev/ttyACM0", 0x2B04, 0xC00D, BORON, "Particle")


# -- list ------------------------------------------------------------------------------------------------


def test_no_port_is_no_error_of_the_list(sim: Particle) -> None:
    assert sim("serial", "list").out == "No devices available via serial\n"
    assert sim("serial", "list", "--json").data == []


def test_ports_are_listed_with_their_devices(sim: Particle) -> None:
    (boron,) = add(sim, "boron")
    assert sim("serial", "list").out == (f"Found 1 device connected via serial:\nttySIM0 - Boron - {boron}\n")
    (photon,) = add(sim, "photon")
    assert sim("serial", "list").out == (
        f"Found 2 devices connected via serial:\nttySIM0 - Boron - {boron}\nttySIM1 - Photon - {photon}\n"
    )
    assert sim("serial", "list", "--json").data[1] == {
        "port": "ttySIM1",
        "type": "Photon",
        "id": photon,
        "platform": "photon",
        "platformId": 6,
    }


def test_a_bootloader_has_no_port(sim: Particle) -> None:
    add(sim, "boron")
    sim("usb", "dfu")
    assert sim("serial", "list", "--json").data == []


def test_a_port_that_is_only_called_like_one_is_listed_with_what_is_known(
    sim: Particle, scripted: Scripted
) -> None:
    scripted(Ports([STRANGER]))
    assert sim("serial", "list").out == "Found 1 device connected via serial:\n/dev/ttyACM7\n"
    assert sim("serial", "list", "--json").data == [
        {"port": "/dev/ttyACM7", "type": None, "id": None, "platform": None, "platformId": None}
    ]


def test_a_list_that_cannot_be_had(sim: Particle, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken(Ports):
        async def ports(self) -> tuple[SerialPort, ...]:
            raise SerialError("no registry")

    monkeypatch.setattr(Wires, "serial", Broken(()))
    ran = sim("serial", "list")
    assert (ran.code, ran.err) == (1, "Error listing serial ports: no registry\n")


# -- identify --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [("identify",), ("serial", "identify")])
def test_the_only_device_is_identified(sim: Particle, command: tuple[str, ...]) -> None:
    (boron,) = add(sim, "boron")
    told = sim(*command, "--json").data
    assert (told["id"], told["version"]) == (boron, "6.2.0")
    assert sim(*command).out == (
        f"Your device id is {boron}\nYour IMEI is {told['imei']}\nYour ICCID is {told['iccid']}\n"
        "Your system firmware version is 6.2.0\n"
    )


def test_what_a_device_has_not_got_is_left_out(sim: Particle) -> None:
    (p2,) = add(sim, "p2")
    assert sim("identify").out == f"Your device id is {p2}\nYour system firmware version is 6.2.0\n"
    assert sim("identify", "--json").data == {"id": p2, "imei": None, "iccid": None, "version": "6.2.0"}


def test_a_device_is_named_in_all_ways(sim: Particle) -> None:
    boron, photon = add(sim, "boron", "photon")
    for words, device in (
        (["--port", "1"], boron),
        (["--port", "0"], boron),
        (["--port", "2"], photon),
        (["--port", "ttySIM1"], photon),
        ([photon], photon),
        ([photon.upper()], photon),
        (["my-photon"], photon),
        (["--device", "my-boron"], boron),
    ):
        assert sim("identify", *words, "--json").data["id"] == device


def test_a_bootloader_tells_its_id_alone(sim: Particle) -> None:
    (boron,) = add(sim, "boron")
    sim("usb", "dfu")
    assert sim("identify", boron).out == f"Your device id is {boron}\n"
    assert sim("identify", boron, "--json").data["version"] is None


def test_the_modem_of_an_old_device_is_asked_on_its_console(sim: Particle) -> None:
    (electron,) = add(sim, "electron")
    ran = sim("identify")
    assert ran.code == 1
    assert ran.out.startswith(f"Your device id is {electron}\nYour system firmware version is 3.")
    assert ran.err.startswith("Could not identify device: Could not get device info: ")
    assert "start-listening" in ran.err
    document = sim("identify", "--json").document["data"]
    assert (document["id"], document["error"]["code"]) == (electron, "modem_unknown")
    sim("usb", "start-listening")
    told = sim("identify", "--json").data
    assert told["imei"]
    assert told["iccid"]


@pytest.mark.parametrize("command", [("identify",), ("serial", "mac")])
def test_nothing_there(sim: Particle, command: tuple[str, ...]) -> None:
    ran = sim(*command)
    assert ran.code == 1
    assert ran.err.startswith("Could not identify device: No serial port identified\n")
    assert sim(*command, "--json").document["error"]["code"] == "no_serial_port"


def test_of_several_one_has_to_be_named_where_nobody_can_be_asked(sim: Particle) -> None:
    boron, photon = add(sim, "boron", "photon")
    for words in ([], ["--port", "7"]):
        ran = sim("identify", *words)
        assert ran.code == 2
        assert f"1 (ttySIM0 - Boron - {boron}); 2 (ttySIM1 - Photon - {photon})" in ran.err


def test_of_several_one_is_chosen_where_somebody_can_be_asked(sim: Particle) -> None:
    boron, photon = add(sim, "boron", "photon")
    for words in ([], ["--port", "7"]):
        ran = sim("identify", *words, "--interactive", typed="2\n")
        assert ran.out.startswith(f"Your device id is {photon}\n")
        assert f"Which device did you mean?\n  1) ttySIM0 - Boron - {boron}\n" in ran.err


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--port", "/dev/foo"], "no_serial_port"),
        (["--port", "2abc"], "no_serial_port"),
        (["nobody"], "device_unknown"),
        (["0" * 24], "device_not_attached"),
    ],
)
def test_what_is_not_there_is_told(sim: Particle, words: list[str], code: str) -> None:
    add(sim, "boron")
    ran = sim("identify", *words, "--json")
    assert (ran.code, ran.document["error"]["code"]) == (1, code)
    assert ran.document["error"]["message"].startswith("Could not identify device: ")
    assert ran.document["error"]["hint"]


def test_two_names_are_one_too_many(sim: Particle) -> None:
    assert sim("identify", "a", "--device", "b").code == 2


def test_a_port_without_a_known_device_is_of_no_use(sim: Particle, scripted: Scripted) -> None:
    for port in (STRANGER, NAMELESS):
        scripted(Ports([port]))
        ran = sim("identify")
        assert (ran.code, ran.out) == (1, "")
        assert "No serial port identified" in ran.err
        assert port.path in ran.err


def test_where_usb_is_out_of_reach_the_console_answers(
    sim: Particle, scripted: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    class NoUsb:
        async def attached(self) -> object:
            raise UsbUnavailable("libusb is not installed.")

    monkeypatch.setattr(Wires, "usb", NoUsb())
    line = transcript(
        "H i",
        f"D Device ID: {BORON}\r\nIMEI: 352753090000000\r\n",
        "H v",
        "D system firmware version: 5.9.0\n\r\n",
    )
    scripted(Ports([HERE], ScriptedLine(line)))
    assert sim("identify").out == (
        f"Your device id is {BORON}\nYour IMEI is 352753090000000\nYour system firmware version is 5.9.0\n"
    )
    scripted(Ports([HERE], ScriptedLine(transcript("H i"))))
    assert "libusb is not installed" in sim("identify").err  # the first cause is the better one


# -- mac, inspect ----------------------------------------------------------------------------------------


def test_mac_addresses(sim: Particle) -> None:
    (p2,) = add(sim, "p2")
    told = sim("serial", "mac", "--json").data
    assert (told["id"], told["interface"]) == (p2, "wifi")
    assert sim("serial", "mac").out == f"Your device MAC address is {told['mac']}\nInterface is Wifi\n"


def test_a_device_of_an_older_generation_tells_its_mac_address_while_listening(sim: Particle) -> None:
    (photon,) = add(sim, "photon")
    ran = sim("serial", "mac")
    assert ran.code == 1
    assert ran.err.startswith("Could not identify device: Could not get MAC address: ")
    sim("usb", "start-listening")
    told = sim("serial", "mac", "--json").data
    assert (told["id"], told["interface"], len(told["mac"])) == (photon, "wifi", 17)


def test_no_mac_address_is_no_error(sim: Particle) -> None:
    add(sim, "boron")
    ran = sim("serial", "mac")
    assert (ran.code, ran.out) == (0, "Your device does not have a MAC address\n")
    assert sim("serial", "mac", "--json").data["mac"] is None


def test_modules_are_inspected(sim: Particle) -> None:
    (boron,) = add(sim, "boron")
    ran = sim("serial", "inspect")
    lines = ran.out.splitlines()
    assert lines[:10] == [
        f"Device: {boron}",
        "Platform: 13 - Boron",
        "",
        "Modules",
        "  Bootloader module #0 - version 3100, main location, 49152 bytes max size",
        "    Integrity: PASS",
        "    Address Range: PASS",
        "    Platform: PASS",
        "    Dependencies: PASS",
        "  System module #1 - version 6200, main location, 573440 bytes max size",
    ]
    assert "      Radio stack module #0 - version 202" in lines
    user = lines.index("  User module #2 - version 6, main location, 262144 bytes max size")
    assert lines[user + 1].startswith("    UUID: ")
    told = sim("serial", "inspect", "--json").data
    assert (told["id"], told["platformId"], told["assets"]) == (boron, 13, [])
    module = next(one for one in told["modules"] if one["function"] == "user_part")
    assert module["checks"] == {"integrity": True, "range": True, "platform": True, "dependencies": True}
    assert lines[user + 1] == f"    UUID: {module['sha256'].upper()}"


def test_a_bootloader_cannot_be_inspected(sim: Particle) -> None:
    add(sim, "boron")
    sim("usb", "dfu")
    ran = sim("serial", "inspect", "--device", "my-boron")
    assert ran.code == 1
    assert ran.err.startswith("Could not inspect device: ")


# -- flash -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [["serial", "flash", "tinker"], ["flash", "--serial", "tinker"]])
def test_the_device_on_a_port_is_flashed_over_usb(sim: Particle, words: list[str]) -> None:
    boron, _ = add(sim, "boron", "p2")
    ran = sim(*words, "--port", "1")
    assert ran.code == 0
    assert ran.err.startswith(
        "NOTE: particle flash serial has been replaced by particle flash --local.\n"
        "Please use that command going forward.\n\n"
    )
    assert "Flash success!" in ran.out
    assert sim(*words, "--port", "1", "--json").data["device"] == boron
    assert sim(*words, "--device", "my-p2", "--dry-run").code == 0


def test_device_os_is_left_alone(sim: Particle) -> None:
    add(sim, "boron")
    plan = sim("serial", "flash", "tinker", "--dry-run", "--json").data
    assert "system_part" not in str(plan)


def test_a_flash_by_port_needs_a_port(sim: Particle) -> None:
    for words in (["serial", "flash", "tinker"], ["flash", "--serial", "tinker"]):
        ran = sim(*words)
        assert ran.code == 1
        assert "No serial port identified" in ran.err


# -- ports that cannot be opened -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (SerialBusy("/dev/ttyACM0: another program is using it.", next_step="Close it."), "serial_busy"),
        (SerialAccessDenied("/dev/ttyACM0: not allowed.", next_step="sudo …"), "serial_access_denied"),
        (SerialGone("/dev/ttyACM0: its device has left."), "serial_gone"),
    ],
)
def test_a_port_that_cannot_be_opened(
    sim: Particle, scripted: Scripted, error: SerialError, code: str
) -> None:
    scripted(Ports([HERE], error))
    ran = sim("serial", "monitor", "--json", "--timeout", "1")
    assert (ran.code, ran.document["error"]["code"]) == (1, code)
    assert ran.document["error"]["hint"] == error.next_step
