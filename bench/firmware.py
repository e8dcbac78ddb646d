"""Firmware files: parsing against Particle's own library, and the memory of `particle binary inspect`."""

from __future__ import annotations

import io
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from bench.figures import Figure
from particle_cli.domain.errors import DomainError
from particle_cli.domain.firmware.assets import dependency_on
from particle_cli.domain.firmware.build import build_module
from particle_cli.domain.firmware.bundle import NamedFile
from particle_cli.domain.firmware.bundling import with_asset_dependencies
from particle_cli.domain.firmware.module import Dependency, Module, parse_module, write_module

ROUNDS = 30
MIB = 1 << 20
LARGE = 16 * MIB
LIBRARY_VARIABLE = "PARTICLE_READER"
HOW_TO_GET_THE_LIBRARY = (
    "no library to compare with: npm install --prefix /tmp/peer binary-version-reader, then "
    f"{LIBRARY_VARIABLE}=/tmp/peer/node_modules/binary-version-reader make bench"
)
_MEASURE = """\
import os, sys
process = os.spawnv(os.P_NOWAIT, sys.argv[1], sys.argv[1:])
_, status, usage = os.wait4(process, 0)
print(os.waitstatus_to_exitcode(status), usage.ru_maxrss, file=sys.stderr)
"""
"""Stands between this process and the one to be measured: a child begins with its parent's largest size."""
NO_CORPUS = "PARTICLE_CORPUS does not name the folder of real firmware: parsing is not measured"


def figures() -> Iterator[Figure]:
    """Yield times and memory."""
    yield from _parsing()
    yield from _memory()


def _parsing() -> Iterator[Figure]:
    """Parse every binary of the corpus once, CRC included, in a warm process."""
    folder = os.environ.get("PARTICLE_CORPUS")
    paths = sorted(Path(folder, "modules").glob("**/*.bin")) if folder else []
    if not paths:
        print(f"  {NO_CORPUS}")
        return
    files = [path.read_bytes() for path in paths]
    ours = min(_parse_all(files) for _ in range(ROUNDS)) * 1000
    yield Figure(f"parsing {len(files)} files, {sum(map(len, files)) / MIB:.1f} MiB", ours, "ms")
    peer = _peers_time(paths)
    if peer is None:
        print(f"  {HOW_TO_GET_THE_LIBRARY}")
    else:
        yield Figure(
            "our time for it against the Node library's", ours / peer, "x", 1, beside=f"{peer:.1f} ms"
        )


def _parse_all(files: Sequence[bytes]) -> float:
    started = time.perf_counter()
    for data in files:
        with suppress(DomainError):  # files that cannot be parsed cost time as well
            assert parse_module(data, name="file").crc_ok is not None
    return time.perf_counter() - started


def _peers_time(paths: Sequence[Path]) -> float | None:
    """Return the Node library's shortest time for the same in ms, or None where it is not installed."""
    library, node = os.environ.get(LIBRARY_VARIABLE), shutil.which("node")
    if not library or not node:
        return None
    script = Path(__file__).with_name("peer_reader.js")
    command = [node, str(script), str(Path(library).resolve()), str(ROUNDS), *map(str, paths)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def _memory() -> Iterator[Figure]:
    """Measure whole processes: the largest resident size, as the kernel tells it."""
    with tempfile.TemporaryDirectory() as folder:
        module, bundle = Path(folder, "app.bin"), Path(folder, "large.zip")
        module.write_bytes(write_module(_application()))
        bundle.write_bytes(_large_bundle())
        size = bundle.stat().st_size
        bare = _peak([sys.executable, "-c", "pass"])
        inspect = [sys.executable, "-m", "particle_cli", "binary", "inspect"]
        plain = _peak([*inspect, str(module)])
        yield Figure("binary inspect of a plain module, peak", plain / MIB, "MiB", 35)
        beside = f"the interpreter alone {bare / MIB:.1f} MiB"
        for command in ("inspect", "verify"):
            peak = _peak([*inspect[:-1], command, str(bundle)])
            what = f"binary {command} of a bundle of 16 MiB, above it"
            yield Figure(what, (peak - bare) / size, "x", 3, beside=beside)


def _peak(command: Sequence[str]) -> int:
    """Run a process; return its largest resident size in bytes."""
    done = subprocess.run(
        [sys.executable, "-S", "-c", _MEASURE, *command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    *complaints, last = done.stderr.decode().splitlines()
    code, size = map(int, last.split())
    if code:
        raise SystemExit(f"{' '.join(command)} failed: {' '.join(complaints)}")
    return size * (1 if sys.platform == "darwin" else 1024)


def _application() -> Module:
    return build_module(
        platform_id=13,
        function=5,
        index=2,
        version=6,
        start_address=0xB4000,
        payload=bytes(range(256)) * 48,
        dependencies=[Dependency(4, 1, 6200)],
        product=(13, 1),
    )


def _large_bundle() -> bytes:
    """Return a bundle of noise, which no archive gets smaller: larger than any device takes."""
    noise = random.Random(1)
    assets = [NamedFile(f"noise-{number}", noise.randbytes(LARGE // 4)) for number in range(4)]
    application = with_asset_dependencies(_application(), [dependency_on(asset) for asset in assets])
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("app.bin", write_module(application))
        for asset in assets:
            archive.writestr(f"assets/{asset.name}", asset.data)
    return out.getvalue()
