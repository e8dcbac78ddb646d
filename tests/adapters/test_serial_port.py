"""What is particular to pyserial: whose a port is, and how systems say no."""

from __future__ import annotations

import os
import sys
import tty
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
import serial
import serial.tools.list_ports
import serial_asyncio_fast

from particle_cli.adapters.serial_port import SerialPorts, access_advice
from particle_cli.ports.serial import (
    SerialAccessDenied,
    SerialBusy,
    SerialError,
    SerialGone,
    SerialPort,
    SerialTimeout,
)

pytestmark = [
    pytest.mark.real_time,
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pty"),
]


@pytest.fixture
def path() -> Iterator[str]:
    master, slave = os.openpty()
    tty.setraw(slave)
    yield os.ttyname(slave)
    os.close(slave)
    os.close(master)


async def test_a_port_has_one_owner(path: str) -> None:
    line = await SerialPorts().open(path, baud_rate=9600)
    with pytest.raises(SerialBusy, match="another program is using it") as caught:
        await SerialPorts().open(path, baud_rate=9600)
    assert caught.value.next_step
    await line.close()
    await (await SerialPorts().open(path, baud_rate=9600)).close()


async def test_a_file_is_no_port(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SerialError, match="could not be used"):
        await SerialPorts().open(str(tmp_path / "file"), baud_rate=9600)


async def test_a_speed_that_cannot_be(path: str) -> None:
    with pytest.raises(SerialError, match="could not be used"):
        await SerialPorts().open(path, baud_rate=-1)


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (
            serial.SerialException(13, "could not open port /dev/ttyACM0: Permission denied"),
            SerialAccessDenied,
        ),
        (serial.SerialException(16, "could not open port /dev/ttyACM0: Device or resource busy"), SerialBusy),
        (
            serial.SerialException("could not open port 'COM3': PermissionError(13, 'Access is denied.')"),
            SerialBusy,
        ),
        (serial.SerialException("could not open port 'COM3': FileNotFoundError(2, 'none')"), SerialGone),
        (
            serial.SerialException("could not open port 'COM3': FileNotFoundError(2, 'Not found.', None, 2)"),
            SerialGone,
        ),
        (
            serial.SerialException("could not open port 'COM3': PermissionError(13, 'Denied.', None, 5)"),
            SerialBusy,
        ),
        (
            serial.SerialException("could not open port 'COM3': PermissionError(13, 'Broken.', None, 31)"),
            SerialGone,
        ),
        (
            serial.SerialException("could not open port 'COM3': OSError(22, 'No device.', None, 433)"),
            SerialGone,
        ),
        (
            serial.SerialException("Cannot configure port: OSError(22, 'Bad parameter.', None, 87)"),
            SerialError,
        ),
        (serial.SerialException(5, "could not open port /dev/ttyACM0: Input/output error"), SerialGone),
        (serial.SerialException("something else"), SerialError),
    ],
)
async def test_how_systems_say_no(
    monkeypatch: pytest.MonkeyPatch, said: serial.SerialException, kind: type[SerialError]
) -> None:
    async def refuse(**_options: object) -> None:
        raise said

    monkeypatch.setattr(serial_asyncio_fast, "open_serial_connection", refuse)
    with pytest.raises(SerialError) as caught:
        await SerialPorts().open("/dev/ttyACM0", baud_rate=9600)
    assert type(caught.value) is kind


async def test_ports_are_told_with_what_is_known_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    known = SimpleNamespace(
        device="/dev/ttyACM1",
        vid=0x2B04,
        pid=0xC00D,
        serial_number="e00fce68",
        manufacturer="Particle",
        hwid="USB VID:PID=2B04:C00D",
    )
    unknown = SimpleNamespace(
        device="/dev/ttyACM0", vid=None, pid=None, serial_number=None, manufacturer="", hwid=""
    )
    monkeypatch.setattr(serial.tools.list_ports, "comports", lambda: [known, unknown])
    assert await SerialPorts().ports() == (
        SerialPort("/dev/ttyACM0", None, None, None, None),
        SerialPort("/dev/ttyACM1", 0x2B04, 0xC00D, "e00fce68", "Particle", "USB VID:PID=2B04:C00D"),
    )


async def test_a_system_that_does_not_tell_its_ports(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise OSError(5, "no registry")

    monkeypatch.setattr(serial.tools.list_ports, "comports", refuse)
    with pytest.raises(SerialError, match=r"does not tell its serial ports: .*no registry"):
        await SerialPorts().ports()


async def test_a_device_that_takes_nothing_is_not_waited_for_without_end(
    path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("particle_cli.adapters.serial_port._WRITE_S", 0.05)
    line = await SerialPorts().open(path, baud_rate=9600)
    with pytest.raises(SerialTimeout, match="took nothing"):
        await line.write(bytes(1_000_000))
    await line.close()


def test_advice_names_what_to_run() -> None:
    assert "usermod -aG dialout" in access_advice("linux")
    assert access_advice("win32")
