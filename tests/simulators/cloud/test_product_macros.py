"""The product that a program says it is for, as it is compiled into its module."""

from __future__ import annotations

import pytest
from tests.simulators.cloud.compiling import FRAME, built

from particle_cli.domain.firmware.module import parse_module

NONE = 0xFFFF
PLATFORMS = {"photon": 6, "boron": 13, "p2": 32}


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize(
    ("text", "product"),
    [
        ("", (NONE, NONE)),
        ("PRODUCT_VERSION(3);", (NONE, 3)),
        ("PRODUCT_ID(12345);\nPRODUCT_VERSION(0x10);", (12345, 16)),
        ("#define RELEASE 7\nPRODUCT_VERSION(RELEASE)\n", (NONE, 7)),
        ("// PRODUCT_VERSION(3)", (NONE, NONE)),
        ("PRODUCT_VERSION(70000);", (NONE, NONE)),
    ],
)
def test_a_module_carries_its_product(platform: str, text: str, product: tuple[int, int]) -> None:
    module = parse_module(built(f"{FRAME}{text}\n", PLATFORMS[platform]).binary, name="app.bin")
    assert (module.suffix.product, module.crc_ok) == (product, True)
