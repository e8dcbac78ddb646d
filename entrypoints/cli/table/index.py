"""All commands and categories, and finding the one that a command line names."""

from __future__ import annotations

from particle_cli.entrypoints.cli.table import (
    account,
    binary,
    cloud,
    events,
    firmware,
    product,
    program,
    serial,
    sim,
    usb,
    webhooks,
    wifi,
)
from particle_cli.entrypoints.cli.table.entry import GLOBAL_OPTIONS, Category, Command

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

COMMANDS: tuple[Command, ...] = (
    *account.COMMANDS,
    *cloud.COMMANDS,
    *events.COMMANDS,
    *webhooks.COMMANDS,
    *firmware.COMMANDS,
    *binary.COMMANDS,
    *usb.COMMANDS,
    *serial.COMMANDS,
    *wifi.COMMANDS,
    *product.COMMANDS,
    *sim.COMMANDS,
    *program.COMMANDS,
)

ROOT = Category("", "")
CATEGORIES: tuple[Category, ...] = (
    ROOT,
    Category("binary", "Look into firmware binaries"),
    Category("cloud", "Work with your devices through the cloud"),
    Category("device", "Your devices: claim, rename and release them"),
    Category("device-protection", "Device Protection of devices attached over USB"),
    Category("function", "Call functions of devices"),
    Category("integration", "What the cloud does when events are published"),
    Category("product", "Work with products"),
    Category("product device", "The devices of a product: list, add and remove them"),
    Category("project", "Work with projects"),
    Category("serial", "Work with devices over their serial ports"),
    Category("sim", "Simulated devices, to try everything without hardware or account"),
    Category("token", "Access tokens of your account"),
    Category("usb", "Control devices attached over USB"),
    Category("variable", "Read variables of devices"),
    Category("webhook", "Requests that the cloud sends when events are published"),
    Category("wifi", "Wi-Fi networks of devices attached over USB, Gen 3 and later"),
)

_ENTRIES: dict[str, Command | Category] = {category.path: category for category in CATEGORIES}
for _command in COMMANDS:
    for _path in (_command.path, *_command.aliases):
        _ENTRIES[_path] = _command


def entry(path: str) -> Command | Category | None:
    """Return the command or category of that path, be it an alias."""
    return _ENTRIES.get(path)


def paths() -> tuple[str, ...]:
    """Return the paths of all commands and categories, aliases included."""
    return tuple(filter(None, _ENTRIES))


def below(category: Category) -> tuple[tuple[str, Command | Category], ...]:
    """Return (last word, entry) of what stands directly in a category, hidden commands left out.

    Those of the root are sorted by name, others in the order of the table.
    """
    depth = len(category.path.split()) + 1
    start = f"{category.path} " if category.path else ""
    found = tuple(
        (path.rpartition(" ")[2], held)
        for path, held in _ENTRIES.items()
        if path
        and path.startswith(start)
        and len(path.split()) == depth
        and not (isinstance(held, Command) and held.hidden)
    )
    return found if category.path else tuple(sorted(found, key=lambda one: one[0]))


class Place:
    """What a command line names.

    Attributes:
        typed: the path as typed, for messages; all words where they name nothing.
        entry: the command or category, or None where there is none of that path.
        words: what is left: parameters and flags, in order.
        wants_help: help was asked for rather than the command.
    """

    __slots__ = ("entry", "typed", "wants_help", "words")

    def __init__(
        self, typed: str, entry: Command | Category | None, words: list[str], wants_help: bool
    ) -> None:
        """Keep what the attributes say."""
        self.typed = typed
        self.entry = entry
        self.words = words
        self.wants_help = wants_help


_REMOVED = ("--no-update-check", "--force-update-check")  # of self-updating builds, which this is not


def locate(words: Sequence[str]) -> Place:
    """Find the command that the words name; flags may stand before, between and after its words."""
    left = [word for word in words if word not in _REMOVED]
    path = _take_path(left)
    wants_help = False
    if path == ["help"]:
        path, wants_help = _take_path(left), True
    flags = left[: left.index("--")] if "--" in left else left
    asked = "--help" in flags or "-h" in flags
    typed = " ".join(path)
    found = entry(typed)
    if found is None:
        typed = " ".join((*path, *(word for word in left if not word.startswith("-"))))
    wants_help = wants_help or asked or isinstance(found, Category)
    return Place(typed, found, left, wants_help)


def _take_path(words: list[str]) -> list[str]:
    """Take the words of a command's path out of a command line, and return them."""
    path: list[str] = []
    at = 0
    while at < len(words) and words[at] != "--":
        word = words[at]
        if word.startswith("-") and len(word) > 1:
            at += 2 if _is_followed_by_value(word) else 1
            continue
        known = entry(" ".join((*path, word)))
        path.append(words.pop(at))
        if not isinstance(known, Category):
            break
    return path


def _is_followed_by_value(flag: str) -> bool:
    """Tell whether a flag that stands before the command's words takes the next word."""
    options = (*GLOBAL_OPTIONS, *(option for command in COMMANDS for option in command.options))
    for option in options:
        if any(flag == f"--{name}" for name in option.spellings) or flag == f"-{option.short}":
            return option.takes_value
    return False
