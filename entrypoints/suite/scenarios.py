"""Which scenario a test asks for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from particle_cli.adapters.disk import Disk
from particle_cli.simulators.scenario.description import Scenario
from particle_cli.simulators.scenario.gallery import GALLERY, gallery_text
from particle_cli.simulators.scenario.reading import ScenarioWrong, read_scenario, scenario_of


def find_scenario(asked: str | Path | Mapping[str, object] | Scenario, folder: Path) -> Scenario:
    """Return a scenario.

    Args:
        asked: a name of the gallery, the path of a TOML file, or what such a file holds.
        folder: where paths begin.

    Raises: ScenarioWrong, FileError.
    """
    if isinstance(asked, Scenario):
        return asked
    if isinstance(asked, Mapping):
        return scenario_of(asked, "What the test asks for", files=Disk(), folder=str(folder))
    if str(asked) in GALLERY:
        return read_scenario(gallery_text(str(asked)), str(asked))
    path = folder / asked
    if path.suffix != ".toml":
        raise ScenarioWrong(
            f"There is no scenario '{asked}'.",
            next_step=f"Ready are {', '.join(GALLERY)}; or give the path of a .toml file.",
        )
    return read_scenario(Disk().read(str(path)), str(path), files=Disk(), folder=str(path.parent))
