"""The time that a device goes by."""

from __future__ import annotations

from particle_cli.simulators.usb.answer import Agenda


def test_time_passes_in_alarms_when_nobody_drives() -> None:
    agenda = Agenda()
    agenda.set("boot", 2500, lambda: None)
    assert agenda.now_s == 0
    agenda.ring(agenda.pending[0])
    assert agenda.now_s == 2.5


def test_a_clock_takes_over_without_a_jump() -> None:
    agenda = Agenda()
    agenda.set("boot", 2500, lambda: None)
    agenda.ring(agenda.pending[0])
    time = [1000.0]
    agenda.follow(lambda: time[0])
    assert agenda.now_s == 2.5
    time[0] += 4
    assert agenda.now_s == 6.5
    agenda.follow(lambda: 7.0)
    assert agenda.now_s == 6.5
