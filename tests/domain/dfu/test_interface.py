from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from particle_cli.domain.dfu.errors import NoSuchMemory
from particle_cli.domain.dfu.interface import Alternate, DfuInterface, parse_interface, total_length
from particle_cli.domain.errors import ProtocolError

CORE = "09022400010100c0320904000000fe0102040904000100fe01020509210bff0000041a01"
GEN2 = "09022400010102c0320904000000fe0102060904000100fe01020709210bff0000101a01"
NRF = "09022d00010104c0320904000000fe0102060904000100fe0102070904000200fe01020809210bff0000101a01"
RTL = "09022400010104c0320904000000fe0102050904000100fe01020609210bff0000101a01"


@pytest.mark.parametrize(
    ("descriptor", "texts", "transfer_size"),
    [(CORE, (4, 5), 1024), (GEN2, (6, 7), 4096), (NRF, (6, 7, 8), 4096), (RTL, (5, 6), 4096)],
    ids=["core", "gen2", "nrf52840", "rtl872x"],
)
def test_real_configurations(descriptor: str, texts: tuple[int, ...], transfer_size: int) -> None:
    interface = parse_interface(bytes.fromhex(descriptor))
    alternates = tuple(Alternate(number, text) for number, text in enumerate(texts))
    assert interface == DfuInterface(0, alternates, transfer_size, 0x011A)
    assert total_length(bytes.fromhex(descriptor)[:4]) == len(descriptor) // 2


def test_without_a_functional_descriptor_1024_bytes_are_assumed() -> None:
    assert parse_interface(bytes.fromhex(CORE)[:-9]).transfer_size == 1024


def test_an_alternate_setting_that_is_not_there() -> None:
    with pytest.raises(NoSuchMemory, match="only 0, 1"):
        parse_interface(bytes.fromhex(RTL)).alternate(2)


@pytest.mark.parametrize(
    "descriptor",
    ["", "0902120001010080320904000000ff010200", NRF[:-2], NRF.replace("0010", "0000"), "0002", "0904"],
)
def test_what_is_no_dfu_configuration(descriptor: str) -> None:
    with pytest.raises(ProtocolError):
        parse_interface(bytes.fromhex(descriptor))


@given(st.binary(max_size=60) | st.binary(max_size=40).map(bytes.fromhex(NRF).__add__))
def test_garbage_is_refused_or_read(descriptor: bytes) -> None:
    with contextlib.suppress(ProtocolError):
        assert parse_interface(descriptor).alternates


@pytest.mark.parametrize("head", ["", "0902", "09012d00"])
def test_a_head_that_is_none(head: str) -> None:
    with pytest.raises(ProtocolError):
        total_length(bytes.fromhex(head))
