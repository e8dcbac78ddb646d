"""Compiling small projects, and what is said against them."""

from __future__ import annotations

import pytest

from particle_cli.domain.firmware.module import parse_module
from particle_cli.simulators.cloud.compiler.compiler import Built, compile_project
from particle_cli.simulators.cloud.compiler.sources import CompileRefused, CompilerErrors, Source
from particle_cli.simulators.firmware.application import ApplicationManifest, decode_manifest

BORON = 13
FRAME = '#include "Particle.h"\nvoid setup() {}\nvoid loop() {}\n'


def built(files: dict[str, str] | str, platform_id: int = BORON, target: str | None = None) -> Built:
    files = {"src/app.ino": files} if isinstance(files, str) else files
    sources = [Source(path, text.encode()) for path, text in files.items()]
    return compile_project(sources, platform_id, target=target)


def errors(files: dict[str, str] | str) -> list[str]:
    with pytest.raises(CompilerErrors) as caught:
        built(files)
    return caught.value.text.splitlines()


def refused(files: dict[str, str], **arguments: int | str) -> CompileRefused:
    with pytest.raises(CompileRefused) as caught:
        built(files, **arguments)  # type: ignore[arg-type]
    return caught.value


def manifest(text: str, platform_id: int = BORON) -> ApplicationManifest:
    module = parse_module(built(text, platform_id).binary, name="app.bin")
    found = decode_manifest(module.payload)
    assert found is not None
    return found
