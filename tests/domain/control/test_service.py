from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from particle_cli.domain.control.service import (
    ServiceReply,
    ServiceStatus,
    check,
    init,
    parse_service_reply,
    receive,
    reset,
    send,
)
from particle_cli.domain.errors import ProtocolError


@pytest.mark.parametrize(
    ("data", "reply"),
    [
        ("01000000 0000", ServiceReply(ServiceStatus.OK)),
        ("01000000 0300", ServiceReply(ServiceStatus.BUSY)),
        ("03000000 0200 0900", ServiceReply(ServiceStatus.PENDING, id=9)),
        ("09000000 0000 88ffffff", ServiceReply(ServiceStatus.OK, result=-120)),
        ("0d000000 0000 1a000000 00000000", ServiceReply(ServiceStatus.OK, size=26, result=0)),
        ("0f000000 0000 0100 1a000000 00000000", ServiceReply(ServiceStatus.OK, 1, 26, 0)),
    ],
)
def test_replies(data: str, reply: ServiceReply) -> None:
    assert parse_service_reply(bytes.fromhex(data)) == reply


@pytest.mark.parametrize(
    "data",
    [
        "",
        "01",
        "01000000",
        "01000000 00",
        "02000000 0100",
        "00000000",
        "01000000 0600",
        "01000000 0000 00",
        "03000000 0000",
        "0d000000 0000 1a000000 000000",
        "11000000 0000",
    ],
)
def test_what_is_no_reply(data: str) -> None:
    with pytest.raises(ProtocolError):
        parse_service_reply(bytes.fromhex(data))


@given(st.binary(max_size=64))
def test_anything_is_a_reply_or_an_error(data: bytes) -> None:
    with suppress(ProtocolError):
        parse_service_reply(data)
        assert len(data) in (6, 8, 10, 12, 14, 16)


def test_setup_packets() -> None:
    assert init(250, 4).pack().hex() == "c0010400fa004000"
    assert check(12).pack().hex() == "c00200000c004000"
    assert send(10, 904).pack().hex() == "400300000a008803"
    assert receive(10, 4096).pack().hex() == "c00400000a000010"
    assert reset(0).pack().hex() == "c005000000004000"


def test_the_mark_of_secrets_is_no_part_of_the_packet() -> None:
    assert send(10, 904, secret=True).pack() == send(10, 904).pack()
    assert receive(10, 904, secret=True) == receive(10, 904)
    assert send(10, 904, secret=True).secret
    assert receive(10, 904, secret=True).secret
    assert not send(10, 904).secret
