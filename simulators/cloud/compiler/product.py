"""Which product a program is for: `PRODUCT_ID(n)` and `PRODUCT_VERSION(n)` among its declarations."""

from __future__ import annotations

from collections.abc import Sequence

from particle_cli.domain.firmware.suffix import NO_PRODUCT
from particle_cli.simulators.cloud.compiler.declarations import Declarations
from particle_cli.simulators.cloud.compiler.structure import Structure


def read_product(structures: Sequence[Structure], declarations: Declarations) -> tuple[int, int]:
    """Return product id and version as the module carries them, NO_PRODUCT for what is not said.

    Args:
        structures: of the sources that are compiled.
        declarations: of all sources.
    """
    found = {"PRODUCT_ID": NO_PRODUCT, "PRODUCT_VERSION": NO_PRODUCT}
    for structure in structures:
        for at, token in enumerate(structure.tokens[:-1]):
            if token.text in found and at + 1 in structure.partner:
                arguments = structure.arguments(at + 1)
                value = declarations.value(arguments[0]) if len(arguments) == 1 else None
                if isinstance(value, int) and 0 <= value <= NO_PRODUCT:
                    found[token.text] = int(value)
    return found["PRODUCT_ID"], found["PRODUCT_VERSION"]
