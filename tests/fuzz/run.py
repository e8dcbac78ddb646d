"""`make fuzz`: spoil firmware files, so and so many times, and see that only our own errors come of it.

Every iteration follows from the start number and its own number alone, so each can be repeated:
`python -m tests.fuzz.run --only 4711`.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
import traceback
import tracemalloc
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from random import Random

from attrs import Factory, define, field, frozen
from tests.fuzz import targets
from tests.fuzz.hostile import hostile_files
from tests.fuzz.mutations import spoilt, spoilt_json
from tests.fuzz.seeds import Seed, seeds
from tests.fuzz.targets import INFLATED, TARGETS, Target

from particle_cli.domain.errors import DomainError
from particle_cli.domain.firmware.bundle import MAX_SIZE as MAX_BUNDLE
from particle_cli.domain.firmware.compressed import MAX_SIZE as MAX_MODULE

ITERATIONS = 100_000
START = 1
LONGEST_S = 1.0
"""CPU seconds that any file of at most 16 MiB may take."""
MOST_MEMORY = 4
"""Times its own size that a file may take, beside what it may be inflated to and `SLACK`."""
MOST_AS_JSON = 8
"""The same where all bytes of it may be told in hexadecimal, and that as JSON."""
SLACK = 1 << 20
"""Bytes that zlib and small objects take whatever the file's size."""
_MAY_INFLATE: Mapping[Target, int] = {
    targets.inflated: INFLATED,
    targets.unwrapped: INFLATED,
    targets.opened: INFLATED,
    targets.verified: MAX_MODULE,
    targets.compared: 3 * MAX_MODULE,  # both, and one of them once more while it is laid out
    targets.bundle_inspected: MAX_BUNDLE,
    targets.bundle_verified: MAX_BUNDLE + MAX_MODULE,
}
_LARGE = 1 << 17
_TARGETS_EACH = 3
_TOLD_EVERY = 10_000


@frozen
class Escape:
    """Something that must not happen: another exception, too much time, too much memory."""

    case: str
    what: str
    data: bytes = field(repr=False)


@define
class Report:
    """What came of a run. Times are CPU seconds; `hungriest` is in times the file's size."""

    iterations: int = 0
    seconds: float = 0.0
    slowest: tuple[float, str] = (0.0, "")
    outcomes: Counter[str] = Factory(Counter)
    escapes: list[Escape] = Factory(list)

    def __str__(self) -> str:
        """A few lines."""
        longest, case = self.slowest
        outcomes = ", ".join(f"{count} {outcome}" for outcome, count in self.outcomes.most_common())
        return (
            f"{self.iterations} iterations in {self.seconds:.0f} s\n"
            f"slowest case: {longest * 1000:.0f} ms, {case}\n"
            f"outcomes: {outcomes}\n"
            f"escapes: {len(self.escapes)}"
        )


class Fuzzer:
    """One run over a set of seeds."""

    def __init__(self, found: Sequence[Seed], *, start: int = START) -> None:
        """Keep the seeds. Memory is traced from now on until `close`."""
        self.report = Report()
        self._seeds = found
        self._small = tuple(seed for seed in found if len(seed.data) <= _LARGE)
        self._start = start

    def run(self, numbers: Iterable[int]) -> None:
        """Do the iterations of these numbers."""
        began = time.perf_counter()
        for seed in self._small:  # what is imported and cached once is nobody's memory
            for target in TARGETS[seed.kind]:
                self._try(f"{target.__name__} of {seed.name}", target, seed.data, limited=False)
        tracemalloc.start()
        try:
            for number in numbers:
                self._iterate(number)
        finally:
            tracemalloc.stop()
        self.report.seconds += time.perf_counter() - began

    def measure(self, files: Iterable[Seed]) -> None:
        """Put files to every target as they are: for time, then once more for memory."""
        began = time.perf_counter()
        for seed in files:
            for target in TARGETS[seed.kind]:
                case = f"{target.__name__} of {seed.name} ({len(seed.data)} bytes)"
                self._try(case, target, seed.data)
                tracemalloc.start()
                self._try(case, target, seed.data)
                tracemalloc.stop()
        self.report.seconds += time.perf_counter() - began

    def _iterate(self, number: int) -> None:
        random = Random(f"{self._start}/{number}")
        seed = random.choice(self._seeds if random.random() < 0.1 else self._small)
        if seed.kind == "describe":
            data = spoilt_json(seed.data, random)
        else:
            data = spoilt(seed.data, random, lambda: random.choice(self._small).data)
        known = TARGETS[seed.kind]
        for target in random.sample(known, min(_TARGETS_EACH, len(known))):
            self._try(f"iteration {number}: {target.__name__} of {seed.name}", target, data)
        self.report.iterations += 1

    def _try(self, case: str, target: Target, data: bytes, *, limited: bool = True) -> None:
        """Put a file to one target."""
        traced = tracemalloc.is_tracing()
        before = tracemalloc.get_traced_memory()[0] if traced else 0
        if traced:
            tracemalloc.reset_peak()
        began = time.process_time()
        try:
            target(data)
            outcome = "values"
        except DomainError as error:
            outcome = error.code
        except Exception:
            self.report.escapes.append(Escape(case, traceback.format_exc(), data))
            return
        seconds = time.process_time() - began
        taken = tracemalloc.get_traced_memory()[1] - before + len(data) if traced else 0
        if not limited:
            return
        self.report.outcomes[outcome] += 1
        self.report.slowest = max(self.report.slowest, (seconds, case))
        times = MOST_AS_JSON if target is targets.told else MOST_MEMORY
        allowed = times * len(data) + _MAY_INFLATE.get(target, 0) + SLACK
        if seconds > LONGEST_S:
            self.report.escapes.append(Escape(case, f"it took {seconds:.2f} s", data))
        if taken > allowed:
            told = f"it took {taken} bytes of memory; {allowed} are allowed"
            self.report.escapes.append(Escape(case, told, data))


def corpus_folder() -> Path | None:
    """Return the folder of real firmware, or None where there is none."""
    place = os.environ.get("PARTICLE_CORPUS")
    return Path(place) if place and Path(place).is_dir() else None


def main(words: Sequence[str]) -> int:
    """Run what the words ask for, tell what came of it, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.run", description="Spoil firmware files")
    parser.add_argument("--iterations", type=int, default=ITERATIONS)
    parser.add_argument("--start", type=int, default=START, help="another number gives other files")
    parser.add_argument("--only", type=int, help="repeat one iteration")
    parser.add_argument("--keep", type=Path, help="folder to save files in that something went wrong with")
    given = parser.parse_args(words)
    found = seeds(corpus_folder())
    _tell(f"{len(found)} seeds; start {given.start}")
    fuzzer = Fuzzer(found, start=given.start)
    if given.only is None:
        fuzzer.measure(hostile_files())
        for first in range(0, given.iterations, _TOLD_EVERY):
            fuzzer.run(range(first, min(first + _TOLD_EVERY, given.iterations)))
            _tell(f"  {fuzzer.report.iterations} iterations, {len(fuzzer.report.escapes)} escapes")
    else:
        fuzzer.run([given.only])
    _tell(str(fuzzer.report))
    for number, escape in enumerate(fuzzer.report.escapes):
        _tell(f"\n{escape.case}\n{escape.what}")
        if given.keep:
            given.keep.mkdir(parents=True, exist_ok=True)
            (given.keep / f"escape-{number}").write_bytes(escape.data)
    return 1 if fuzzer.report.escapes else 0


def _tell(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
