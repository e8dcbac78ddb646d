"""Which releases of Device OS the cloud has for a platform."""

from __future__ import annotations

from particle_cli.domain.firmware.versions import Release, releases_for
from particle_cli.domain.platforms.catalogue import platform as platform_of
from particle_cli.domain.platforms.names import platform_ids
from particle_cli.domain.platforms.values import Platform


def releases_of(platform: Platform) -> tuple[Release, ...]:
    """Return the releases for a platform, newest first.

    A platform that is too new for the table of releases has those of its nearest relative.
    """
    own = releases_for(platform.name)
    return tuple(reversed(own or _of_a_relative(platform)))


def default_release(platform: Platform) -> Release | None:
    """Return the newest final release for a platform: what is compiled for unless one is named."""
    return next((release for release in releases_of(platform) if release.stage == "final"), None)


def _of_a_relative(platform: Platform) -> tuple[Release, ...]:
    """Return the releases of the newest platform with the same chip that has any."""
    if platform.family is None:
        return ()
    for number in reversed(platform_ids(public=True)):
        relative = platform_of(number)
        if relative.mcu == platform.mcu and relative.family == platform.family:
            found = releases_for(relative.name)
            if found:
                return found
    return ()
