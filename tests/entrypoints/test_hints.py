"""What errors advise must exist: every `particle …` in a text of ours is a command of the table."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import particle_cli
from particle_cli.entrypoints.cli.table.entry import Category, Command
from particle_cli.entrypoints.cli.table.index import locate

ROOT = Path(particle_cli.__file__).parent
ADVICE = re.compile(r"\bparticle ((?:[a-z][a-z-]+)(?: [a-z][a-z-]+)?)")
PROSE = {"cloud", "device", "devices", "project", "projects", "binary", "firmware", "command", "help"}


def texts() -> Iterator[tuple[str, str]]:
    """Yield every text in the domain and the adapters that is no docstring, with its place."""
    for path in sorted((*ROOT.joinpath("domain").rglob("*.py"), *ROOT.joinpath("adapters").rglob("*.py"))):
        tree = ast.parse(path.read_bytes())
        plain = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in plain:
                yield f"{path.relative_to(ROOT)}:{node.lineno}", node.value


def test_every_command_that_a_text_advises_exists() -> None:
    advised = [
        (place, words)
        for place, text in texts()
        if "template" not in place  # the README of a new project, which speaks of all of the tool
        for words in ADVICE.findall(text)
        if words.split()[0] not in PROSE
    ]
    assert len(advised) > 10
    unknown = [
        (place, words)
        for place, words in advised
        if not any(isinstance(locate(run).entry, Command) for run in (words.split(), words.split()[:1]))
        and not isinstance(locate(words.split()).entry, Category)  # `the 'particle wifi' commands`
    ]
    assert unknown == []
