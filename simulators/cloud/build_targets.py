"""What can be compiled for: the releases of Device OS, with the platforms of each."""

from __future__ import annotations

from particle_cli.domain.firmware.versions import releases, stage_of
from particle_cli.domain.platforms.catalogue import platform
from particle_cli.domain.platforms.names import compile_targets
from particle_cli.ports.http import HttpResponse
from particle_cli.simulators.cloud.call import Call
from particle_cli.simulators.cloud.releases import default_release, releases_of
from particle_cli.simulators.cloud.replies import Plain, reply


async def list_all(call: Call) -> HttpResponse:
    """List all releases, newest first, or with `featured` those that are some platform's default."""
    platforms = {number: platform(number) for number in compile_targets()}
    defaults = {number: default_release(one) for number, one in platforms.items()}
    of_release: dict[str, list[int]] = {}
    for number, one in platforms.items():
        for release in releases_of(one):
            of_release.setdefault(release.name, []).append(number)
    names = [release.name for release in reversed(releases()) if release.name in of_release]
    if call.query.get("featured") == "true":
        featured = {release.name for release in defaults.values() if release}
        names = [name for name in names if name in featured]
    return reply(
        {
            "targets": [_target(name, of_release[name]) for name in names],
            "platforms": {one.display_name: number for number, one in platforms.items()},
            "default_versions": {str(number): one.name for number, one in defaults.items() if one},
        }
    )


def _target(name: str, platforms: list[int]) -> Plain:
    final = stage_of(name) == "final"
    return {
        "platforms": platforms,
        "prereleases": [] if final else platforms,
        "firmware_vendor": "Particle",
        "version": name,
    }
