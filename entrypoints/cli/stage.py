"""Where a command line is run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from particle_cli.entrypoints.wires import Wires


class Stage:
    """The environment of a command line and the maker of its wires, for programs that run one themselves.

    Attributes:
        environment: the variables of the environment.
        make_wires: what is called in place of `Wires`, with its arguments.
    """

    def __init__(self, environment: Mapping[str, str], make_wires: Callable[..., Wires]) -> None:
        """Keep what the attributes say."""
        self.environment = environment
        self.make_wires = make_wires
