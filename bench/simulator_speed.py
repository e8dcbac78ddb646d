"""Plan, flash, verify and reboot with a system part of 0.5 MiB, in virtual time: how long it really takes.

Run as a program it does the job once in a process of its own, whose peak memory is then its own too.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator

from bench.figures import Figure

BORON = 13


def figures() -> Iterator[Figure]:
    """Yield real time, modelled time and peak memory."""
    command = [sys.executable, "-m", "bench.simulator_speed"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    told = json.loads(done.stdout)
    beside = f"modelled {told['modelled_s']:.1f} s, {told['bytes']} bytes"
    yield Figure("plan, flash, verify, reboot: 0.5 MiB", told["real_s"], "s", 3, beside=beside)
    yield Figure("the same with imports and interpreter", told["process_s"], "s")
    yield Figure("peak memory of that process", told["peak_mib"], "MiB")


async def job() -> tuple[int, float, float]:
    """Flash a system part; return its size, the real seconds, and the modelled seconds."""
    from particle_cli.adapters.clock import LoopClock
    from particle_cli.domain.devices.roll_call import attached_devices
    from particle_cli.domain.flashing.execute import flash
    from particle_cli.domain.flashing.firmware_file import read_firmware_file
    from particle_cli.domain.flashing.plan import plan_flash
    from particle_cli.domain.flashing.survey import survey
    from particle_cli.simulators.bus.bus import SimulatedBus
    from particle_cli.simulators.factory import factory_image, new_device

    clock = LoopClock()
    bus = SimulatedBus(clock, records=False)
    device = new_device(BORON)
    bus.plug(device)
    await bus.settle()
    data = next(part.data for part in factory_image(device.platform) if "system-part" in part.filename)
    (found,) = await attached_devices(bus)
    started = time.perf_counter()
    files = [read_firmware_file(data, "system-part1.bin")]
    target = await survey(found, usb=bus, clock=clock)
    result = await flash(plan_flash(files, target), found, usb=bus, clock=clock)
    taken = time.perf_counter() - started
    await bus.close()
    return len(data), taken, result.elapsed_ms / 1000


def main() -> None:
    """Do the job in virtual time and print its figures as JSON."""
    from particle_cli.simulators.virtual_time import VirtualTimeLoop

    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        size, real_s, modelled_s = runner.run(job())
    told = {
        "bytes": size,
        "real_s": real_s,
        "modelled_s": modelled_s,
        "process_s": time.perf_counter() - STARTED,
        "peak_mib": peak_mib(),
    }
    print(json.dumps(told))


def peak_mib() -> float:
    """Return the most memory that this process has had, in MiB; 0 where the system does not tell."""
    try:
        import resource
    except ImportError:
        return 0.0
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / (1 << 20)


STARTED = time.perf_counter()

if __name__ == "__main__":
    main()
