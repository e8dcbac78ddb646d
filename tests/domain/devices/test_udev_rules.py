"""The udev rules cover every device of the catalogue, and others that Particle's users plug in."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

import pytest

from particle_cli.domain.devices.udev_rules import udev_rules
from particle_cli.domain.platforms.catalogue import platform
from particle_cli.domain.platforms.names import platform_ids

RULE = re.compile(
    r'SUBSYSTEM(?P<up>S?)=="usb", ATTRS\{idVendor\}=="(?P<vendor>[0-9a-f]{4})", '
    r'ATTRS\{idProduct\}=="(?P<product>[^"]{4,})", GROUP="plugdev", MODE="0666"'
    r'(?P<ignored>, ENV\{ID_MM_DEVICE_IGNORE\}="1")?'
)
RULES = [RULE.fullmatch(line) for line in udev_rules().splitlines() if line and not line.startswith("#")]


def covered(vendor_id: int, product_id: int) -> bool:
    return any(
        rule and int(rule["vendor"], 16) == vendor_id and fnmatchcase(f"{product_id:04x}", rule["product"])
        for rule in RULES
    )


def test_every_rule_has_the_form_that_udev_takes() -> None:
    assert all(RULES)
    assert len(RULES) == 5
    assert udev_rules().endswith("\n")
    for rule in filter(None, RULES):  # serial ports are none of ModemManager's business
        assert bool(rule["up"]) == bool(rule["ignored"])


@pytest.mark.parametrize("number", platform_ids())
def test_every_platform_is_covered_in_both_modes(number: int) -> None:
    usb = platform(number).usb
    for ids in (usb.normal, usb.dfu) if usb else ():
        assert ids is None or covered(ids.vendor_id, ids.product_id)


@pytest.mark.parametrize(("vendor_id", "product_id"), [(0x0403, 0x6010), (0x0D28, 0x0204), (0x05C6, 0x9008)])
def test_programmers_and_debuggers_are_covered(vendor_id: int, product_id: int) -> None:
    assert covered(vendor_id, product_id)


def test_strangers_are_not() -> None:
    assert not covered(0x2B04, 0xE00D)
    assert not covered(0x1D50, 0x607E)
    assert not covered(0x1234, 0xC00D)
