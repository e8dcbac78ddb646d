"""Compiling in the cloud: a project's files become firmware, or the compiler's words an error."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from attrs import field, frozen

from particle_cli.domain.cloud.answer import Answer
from particle_cli.domain.cloud.client import CloudClient
from particle_cli.domain.cloud.errors import CloudRefused, CompileFailed
from particle_cli.domain.cloud.reading import Json
from particle_cli.domain.cloud.refusals import complaint
from particle_cli.domain.cloud.requests import CloudRequest, FilesBody, file_parts

_COMPILER_SPOKE: Final = ("Compiler timed out or encountered an error", "build didn't produce binary")
_COMPILE_MS: Final = 120_000
_NOT_ACCEPTABLE: Final = 406


@frozen
class SourceFile:
    """A file for the compiler: its path in the project, with `/`, and its bytes."""

    path: str
    content: bytes = field(repr=False)


@frozen
class MemoryUse:
    """What a program needs, in bytes."""

    flash: int
    ram: int


@frozen
class CompiledFirmware:
    """What came of a compilation.

    Attributes:
        binary: the firmware, a module (or something else that the cloud takes for one: it isn't checked).
        memory: what it needs, or None where the cloud didn't say.
        target: the release of Device OS that it was compiled for, or None where the cloud didn't say.
    """

    binary: bytes = field(repr=False)
    memory: MemoryUse | None
    target: str | None


@frozen
class _Built:
    binary_id: str | None = None
    binary_url: str | None = None
    build_target_version: str | None = None
    sizeInfo: str | None = None


async def compile_sources(
    client: CloudClient, sources: Sequence[SourceFile], *, platform_id: int, target: str | None = None
) -> CompiledFirmware:
    """Have the cloud compile a project and return the firmware.

    Args:
        client: the cloud.
        sources: the project's files.
        platform_id: kind of device to compile for.
        target: release of Device OS, or None for the one that the cloud prefers for the platform.

    Raises: CompileFailed with the compiler's words; CloudError.
    """
    version = ("latest", "true") if target is None else ("build_target_version", target)
    files = file_parts(tuple((source.path, source.content) for source in sources))
    answer = await client.send(
        CloudRequest(
            "POST",
            ("v1", "binaries"),
            FilesBody(files, (("platform_id", str(platform_id)), version)),
            timeout_ms=_COMPILE_MS,
            understood=frozenset({_NOT_ACCEPTABLE}),
        )
    )
    _raise_compiler_errors(answer)
    built = answer.into(_Built)
    if not (built.binary_id and built.binary_url):
        raise CloudRefused(complaint(answer.json()) or "Compile failed", status=answer.status)
    binary = await client.send(
        CloudRequest("GET", ("v1", "binaries", built.binary_id), about=f"binary {built.binary_id}")
    )
    return CompiledFirmware(binary.file(), memory_use(built.sizeInfo or ""), built.build_target_version)


def _raise_compiler_errors(answer: Answer) -> None:
    """Raise what the compiler has to say, if the answer carries that.

    Raises: CompileFailed, CloudRefused, CloudAnswerUnreadable.
    """
    document = answer.json()
    body: dict[str, Json] = document if isinstance(document, dict) else {}
    if body.get("output") in _COMPILER_SPOKE:
        errors = body.get("errors")
        words = [item for item in errors if isinstance(item, str)] if isinstance(errors, list) else []
        raise CompileFailed("Compiler encountered an error", output="\n".join(words), status=answer.status)
    if answer.status == _NOT_ACCEPTABLE:
        raise CloudRefused(complaint(document) or "Compile failed", status=answer.status)


def memory_use(size_info: str) -> MemoryUse | None:
    """Read what the `size` tool printed: a line of column names and a line of numbers.

    Flash holds text and data, RAM holds data and bss. Returns None when one of the three is missing.
    """
    lines = [line.split() for line in size_info.splitlines() if line.strip()]
    if len(lines) < 2:
        return None
    columns = dict(zip(lines[0][:4], lines[1][:4], strict=False))
    try:
        text, data, bss = (int(columns[name]) for name in ("text", "data", "bss"))
    except (KeyError, ValueError):
        return None
    return MemoryUse(flash=text + data, ram=data + bss)
