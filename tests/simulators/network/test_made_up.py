"""Numbers from the factory."""

from __future__ import annotations

from particle_cli.simulators.network.made_up import ethernet_mac, iccid, imei, wifi_mac

ID = "0a10aced2021aabbccddeeff"


def passes_luhn(number: str) -> bool:
    digits = [int(digit) for digit in reversed(number)]
    return sum(digits[::2] + [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]) % 10 == 0


def test_numbers_are_well_formed_and_the_same_in_every_run() -> None:
    assert (len(imei(ID)), len(iccid(ID, "internal"))) == (15, 20)
    assert imei(ID).startswith("35275309")
    assert passes_luhn(imei(ID))
    assert passes_luhn(iccid(ID, "internal"))
    assert imei(ID) == imei(ID) != imei(ID[::-1])
    assert iccid(ID, "internal") != iccid(ID, "external")


def test_an_rtl872x_carries_its_address_in_its_id() -> None:
    assert wifi_mac("rtl872x", ID).hex() == "aabbccddeeff"
    assert ethernet_mac("rtl872x", ID).hex() == "aabbccddef02"


def test_other_addresses_are_unicast() -> None:
    assert wifi_mac("nrf52840", ID).hex().startswith("94944a")
    assert ethernet_mac("nrf52840", ID)[0] & 3 == 2  # locally administered
