"""The short form of `make fuzz`: the same on fewer and smaller files."""

from __future__ import annotations

import pytest
from tests.fuzz.hostile import hostile_files
from tests.fuzz.run import Fuzzer, Report, corpus_folder
from tests.fuzz.seeds import seeds

ITERATIONS = 1000


def told(report: Report) -> str:
    return "\n".join((str(report), *(f"{escape.case}\n{escape.what}" for escape in report.escapes)))


def test_spoilt_files_end_in_a_value_or_our_own_error() -> None:
    fuzzer = Fuzzer(seeds(corpus_folder()))
    fuzzer.run(range(ITERATIONS))
    report = fuzzer.report
    assert not report.escapes, told(report)
    assert report.iterations == ITERATIONS
    assert report.outcomes["values"] > ITERATIONS / 2
    assert len(report.outcomes) > 5


def test_files_made_to_be_slow_or_large_are_not() -> None:
    fuzzer = Fuzzer(())
    fuzzer.measure(hostile_files(1 << 20))
    assert not fuzzer.report.escapes, told(fuzzer.report)


def test_an_escape_is_caught_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.fuzz.run.TARGETS", {"module": (_escaping, _greedy)})
    fuzzer = Fuzzer([seed for seed in seeds(None) if seed.kind == "module"])
    fuzzer.run([7])
    told = (escape.what for escape in fuzzer.report.escapes if escape.case.startswith("iteration 7: "))
    escaping, greedy = sorted(told)
    assert escaping.endswith("ZeroDivisionError\n")
    assert "bytes of memory" in greedy


def _escaping(data: bytes) -> None:
    raise ZeroDivisionError


def _greedy(data: bytes) -> None:
    assert bytes(9 << 20)
