"""In what a cloud is stricter, or quicker, than it is by itself; kept with it as rows that JSON can hold."""

from __future__ import annotations

from attrs import field, frozen
from attrs.validators import in_

from particle_cli.simulators.cloud.traits import TRAITS


@frozen
class Trait:
    """A trait that this cloud has."""

    name: str = field(validator=in_(TRAITS))
