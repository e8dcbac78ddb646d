"""The device's end of the serial port: when it sends, what it loses, and whom it waits for."""

from __future__ import annotations

import pytest
from attrs import define, field

from particle_cli.simulators.usb.answer import Agenda
from particle_cli.simulators.usb.serial_end import BUFFER_SIZE, STALL_MS, SerialEnd


@define
class Firmware:
    """Whoever uses the port, played by the test: it notes what it is told."""

    told: list[str | bytes | int] = field(factory=list)

    def received(self, data: bytes) -> None:
        self.told.append(data)

    def opened(self) -> None:
        self.told.append("opened")

    def drained(self) -> None:
        self.told.append("drained")

    def baud_rate_set(self, baud_rate: int) -> None:
        self.told.append(baud_rate)


@pytest.fixture
def firmware() -> Firmware:
    return Firmware()


@pytest.fixture
def agenda() -> Agenda:
    return Agenda()


@pytest.fixture
def end(agenda: Agenda, firmware: Firmware) -> SerialEnd:
    return SerialEnd(agenda, firmware)


def test_what_is_sent_while_nobody_listens_is_lost(end: SerialEnd) -> None:
    end.transmit(b"lost")
    end.host_opens()
    end.transmit(b"kept")
    assert end.waiting == 4
    assert (end.take(3), end.take(64), end.take(64)) == (b"kep", b"t", b"")


def test_what_was_not_fetched_is_lost_when_the_host_closes(end: SerialEnd) -> None:
    end.host_opens()
    end.transmit(b"lost")
    end.host_closes()
    assert end.waiting == 0
    end.host_opens()
    assert end.take(64) == b""


def test_a_host_that_sends_something_listens(end: SerialEnd, firmware: Firmware) -> None:
    end.host_writes(b"i")
    end.transmit(b"id")
    assert end.take(64) == b"id"
    assert firmware.told == ["opened", b"i"]


def test_opening_twice_is_opening_once(end: SerialEnd, firmware: Firmware) -> None:
    end.host_opens()
    end.host_opens()
    assert firmware.told == ["opened"]


def test_whoever_watches_is_told_of_output_until_it_stops_watching(end: SerialEnd) -> None:
    seen: list[int] = []

    def look() -> None:
        seen.append(end.waiting)

    end.host_opens()
    end.watch(look)
    end.transmit(b"ab")
    end.transmit(b"")
    end.transmit(b"c")
    end.unwatch(look)
    end.transmit(b"d")
    assert seen == [2, 3]


def test_a_host_that_fetches_nothing_is_given_up(end: SerialEnd, agenda: Agenda) -> None:
    end.host_opens()
    end.transmit(bytes(BUFFER_SIZE))
    assert not agenda.pending
    end.transmit(b"x")
    assert end.congested
    (alarm,) = agenda.pending
    assert alarm.after_ms == STALL_MS == 2500
    agenda.ring(alarm)
    assert not end.is_open
    assert end.waiting == 0
    end.transmit(b"lost")
    end.host_writes(b"again")
    end.transmit(b"kept")
    assert end.take(64) == b"kept"


def test_whoever_fetches_in_time_is_not_given_up(end: SerialEnd, agenda: Agenda, firmware: Firmware) -> None:
    end.host_opens()
    end.transmit(bytes(3 * BUFFER_SIZE))
    (first,) = agenda.pending
    end.take(BUFFER_SIZE)
    (second,) = agenda.pending
    assert second is not first  # the time begins anew
    assert "drained" not in firmware.told
    end.take(BUFFER_SIZE)
    assert not agenda.pending
    assert firmware.told[-1] == "drained"


def test_a_reset_closes_the_port(end: SerialEnd, agenda: Agenda) -> None:
    end.host_opens()
    end.transmit(bytes(BUFFER_SIZE + 1))
    end.shut()
    assert not end.is_open
    assert not agenda.pending
    assert end.waiting == 0


def test_speeds_are_handed_on(end: SerialEnd, firmware: Firmware) -> None:
    end.set_baud_rate(14400)
    assert (end.baud_rate, firmware.told) == (14400, [14400])
