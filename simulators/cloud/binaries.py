"""Compiling, and the binaries that come of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from particle_cli.ports.http import HttpResponse
from particle_cli.simulators.cloud.binary_rows import Binary
from particle_cli.simulators.cloud.call import Call
from particle_cli.simulators.cloud.replies import Plain, moment, refused, reply, reply_bytes

if TYPE_CHECKING:
    from particle_cli.simulators.cloud.compiler.compiler import Built

_KEPT_MS: Final = 24 * 3600 * 1000
COMPILE_S: Final = 3.0
"""Modelled time that a compilation takes."""


async def compile_binary(call: Call) -> HttpResponse:
    """Compile the files of the request and keep the binary for a day."""
    from particle_cli.simulators.cloud.compiler.sources import CompilerErrors

    platform_id = call.text("platform_id") or call.text("product_id")
    if not (platform_id.isascii() and platform_id.isdigit() and len(platform_id) < 6):
        raise refused(400, "platform_id is missing or no number")
    try:
        built = await compile_files(call, int(platform_id))
    except CompilerErrors as errors:
        return reply(
            {
                "ok": False,
                "code": 200,
                "output": "Compiler timed out or encountered an error",
                "stdout": "",
                "errors": [errors.text],
            },
            406,
        )
    return reply(_kept(call, built))


async def compile_files(call: Call, platform_id: int) -> Built:
    """Compile the files of a request and the libraries they need, for the release of Device OS that it names.

    Raises: CompilerErrors; Refusal where no compiler is started.
    """
    from particle_cli.simulators.cloud.compiler.compiler import compile_project
    from particle_cli.simulators.cloud.compiler.libraries import with_libraries
    from particle_cli.simulators.cloud.compiler.sources import CompileRefused, Source
    from particle_cli.simulators.cloud.library_shelf import library_files

    sources = [Source((part.filename or "").replace("\\", "/"), part.content) for part in call.files]
    target = call.text("build_target_version")
    state, reader = call.world.state, call.user.id
    await call.world.clock.sleep(COMPILE_S)
    try:
        return compile_project(
            with_libraries(sources, lambda name, version: library_files(state, name, version, reader=reader)),
            platform_id,
            target=None if target in ("", "latest") else target,
        )
    except CompileRefused as reason:
        raise refused(reason.status, str(reason)) from reason


def _kept(call: Call, built: Built) -> dict[str, Plain]:
    """Keep a binary and return what is told of it."""
    state = call.world.state
    expires = call.world.now + _KEPT_MS
    binary = Binary(state.fresh("binary"), call.user.id, built.binary, expires)
    state.forget_expired(call.world.now)
    state.binaries.put(binary)
    return {
        "ok": True,
        "binary_id": binary.id,
        "binary_url": f"/v1/binaries/{binary.id}",
        "build_target_version": built.release,
        "expires_at": moment(expires),
        "sizeInfo": built.size_info,
    }


async def fetch_binary(call: Call) -> HttpResponse:
    """Return a binary to whom it belongs, as long as it is kept."""
    binary = call.world.state.binaries.get(call.places["binary"].lower())
    if binary is None or binary.owner_id != call.user.id or binary.expires <= call.world.now:
        raise refused(404, "Binary not found")
    return reply_bytes(binary.content, "application/binary", "firmware.bin")
