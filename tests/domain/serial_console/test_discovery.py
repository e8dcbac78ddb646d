"""Which serial ports are taken for devices, and which one a person means."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from particle_cli.domain.serial_console.discovery import DevicePort, device_ports, port_named, port_of
from particle_cli.ports.serial import SerialPort

BORON_ID = "e00fce68aaaaaaaaaaaaaaaa"
BORON = SerialPort("/dev/ttyACM0", 0x2B04, 0xC00D, BORON_ID, "Particle")
WINDOWS_PHOTON = SerialPort("COM5", None, None, None, None, r"USB\VID_2B04&PID_C006\1E0035000447343138333038")
CORE_BY_MAKER = SerialPort("/dev/ttyACM2", 0x1234, 0x5678, None, "Photon")
MODEM = SerialPort("/dev/ttyACM3", 0x1234, 0x5678, "e00fce68bbbbbbbbbbbbbbbb", "Somebody")


def test_the_order_and_the_names_are_those_of_the_node_tool() -> None:
    assert device_ports((BORON, WINDOWS_PHOTON, CORE_BY_MAKER, MODEM)) == (
        DevicePort("/dev/ttyACM0", "Boron", BORON_ID, 13),
        DevicePort("COM5", "Photon", "1e0035000447343138333038", 6),
        DevicePort("/dev/ttyACM2", "Core", None, None),
    )


def test_a_port_is_shown_with_what_is_known_of_it() -> None:
    labels = [port.label for port in device_ports((BORON, CORE_BY_MAKER))]
    assert labels == [f"/dev/ttyACM0 - Boron - {BORON_ID}", "/dev/ttyACM2 - Core"]


@pytest.mark.parametrize(
    ("product", "serial", "device_id"),
    [
        (0xC006, "1E0035000447343138333038", "1e0035000447343138333038"),
        (0xC006, "Photon 1E0035000447343138333038!", "1e0035000447343138333038"),  # old firmware
        (0xC006, "no id", "no id"),
        (0xC00D, "E00FCE68AAAAAAAAAAAAAAAA", BORON_ID),
        (0xC00D, "B40KAB000000ABC", "B40KAB000000ABC"),
        (0xC020, "0A10ACED202194944A045DD0", "0a10aced202194944a045dd0"),
        (0xC00D, None, None),
        (0xC00D, "", None),
    ],
)
def test_the_id_is_in_the_serial_number(product: int, serial: str | None, device_id: str | None) -> None:
    (found,) = device_ports([SerialPort("COM3", 0x2B04, product, serial)])
    assert found.device_id == device_id


@pytest.mark.parametrize("product", [0xD00D, 0xC02A, 0xC0FF])
def test_a_bootloader_a_computer_and_a_stranger_have_no_console(product: int) -> None:
    assert device_ports([SerialPort("COM3", 0x2B04, product, BORON_ID), BORON]) == device_ports([BORON])


def test_any_modem_may_be_one_if_nothing_else_is_there() -> None:
    usb = SerialPort("/dev/ttyUSB0", 0x10C4, 0xEA60, "0001", "Silicon Labs")
    cu = SerialPort("/dev/cuaU0", None, None, None)
    assert device_ports((MODEM, usb, cu)) == (DevicePort("/dev/ttyACM3"), DevicePort("/dev/cuaU0"))
    assert device_ports((MODEM, CORE_BY_MAKER)) == (DevicePort("/dev/ttyACM2", "Core"),)
    assert device_ports((usb,)) == ()


FOUND = device_ports((BORON, WINDOWS_PHOTON, CORE_BY_MAKER))


@pytest.mark.parametrize(
    ("word", "path"),
    [
        ("0", "/dev/ttyACM0"),
        ("1", "/dev/ttyACM0"),
        ("2", "COM5"),
        ("02", "COM5"),
        ("3", "/dev/ttyACM2"),
        ("4", None),
        ("9" * 5000, None),
        ("COM5", "COM5"),
        ("com5", "COM5"),
        ("/dev/ttyACM2", "/dev/ttyACM2"),
    ],
)
def test_a_number_counts_from_one_and_a_path_is_a_path(word: str, path: str | None) -> None:
    port = port_named(word, FOUND)
    assert (port and port.path) == path
    assert port is None or port in FOUND


@pytest.mark.parametrize("word", ["/dev/foo", "2abc", "-1", "²"])
def test_another_word_is_a_path_of_which_nothing_is_known(word: str) -> None:
    assert port_named(word, FOUND) == DevicePort(word)


@given(st.text(), st.integers(0, 3))
def test_no_word_is_too_odd(word: str, count: int) -> None:
    port_named(word, FOUND[:count])


def test_a_device_has_one_port_whatever_the_case_of_its_id() -> None:
    assert port_of(BORON_ID.upper(), FOUND) == FOUND[0]
    assert port_of("f" * 24, FOUND) is None
    assert port_of("", FOUND[:2]) is None
