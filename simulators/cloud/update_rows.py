"""Updates over the air that are not at their end, as rows that JSON can hold."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import field, frozen
from attrs.validators import instance_of

from particle_cli.simulators.cloud.binary_rows import as_content


def _contents(value: Iterable[bytes | str]) -> tuple[bytes, ...]:
    return tuple(map(as_content, value))


@frozen
class OpenUpdate:
    """An update from its beginning until the device runs its application.

    Attributes:
        device_id: which device takes it.
        assets: asset modules that go to it once it has the application that wants them.
    """

    device_id: str = field(validator=instance_of(str))
    assets: tuple[bytes, ...] = field(default=(), repr=False, converter=_contents)
