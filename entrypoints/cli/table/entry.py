"""What the command table is made of.

Plain classes: the table is read at every start, and attrs, dataclasses or typing would each cost more
than the whole of `--help`.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    Kind = Literal["boolean", "string", "strings", "number", "array", "count"]
    Needs = Literal["nothing", "desk", "wires"]


class Option:
    """One flag.

    Attributes:
        name: as documented, without dashes: `saveTo`, `dry-run`. A name in camel case is also taken in
            kebab case.
        kind: `strings` is one value each time it is given, `array` all words up to the next flag.
        summary: one line.
        short: one-letter form without dash, or "".
        value: what stands for the value in usage lines, or "" for the name itself.
        choices: the values allowed; empty for any.
    """

    __slots__ = ("choices", "kind", "name", "short", "summary", "value")

    def __init__(
        self,
        name: str,
        kind: Kind,
        summary: str,
        *,
        short: str = "",
        value: str = "",
        choices: tuple[str, ...] = (),
    ) -> None:
        """Keep what the attributes say."""
        self.name = name
        self.kind = kind
        self.summary = summary
        self.short = short
        self.value = value
        self.choices = choices

    @property
    def takes_value(self) -> bool:
        """Whether a word follows the flag."""
        return self.kind not in ("boolean", "count")

    @property
    def spellings(self) -> tuple[str, ...]:
        """The long forms, the documented one first."""
        kebab = "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in self.name)
        kebab = kebab.replace("_", "-")
        return (self.name,) if kebab == self.name else (self.name, kebab)


class Parameter:
    """One place among the words of a command.

    Attributes:
        name: the first of its names; what the code of the command asks for.
        shown: as in usage lines, `device|binary`.
        required: whether it must be there.
        rest: whether it takes all words that are left.
    """

    __slots__ = ("name", "required", "rest", "shown")

    def __init__(self, notation: str) -> None:
        """Read one word of the notation: `<required>`, `[optional]`, `[rest...]`, `<a|b>`."""
        self.required = notation.startswith("<")
        self.rest = notation[1:-1].endswith("...")
        self.shown = notation[1:-1].removesuffix("...")
        self.name = self.shown.split("|", maxsplit=1)[0]


class Command:
    """One command.

    Attributes:
        path: its words, `usb list`.
        parameters: their places in order, in the notation `<required> [optional] [rest...] <a|b>`.
        summary: one line, for lists of commands.
        run: the function that runs it, `module:function` below entrypoints/cli/commands.
        needs: what that function is handed besides the words: a Desk, or (it is a coroutine then) Wires.
        options: flags of its own; the global ones come on top.
        examples: (words, what they do).
        details: paragraphs to end its help and manual page with.
        aliases: other paths for it.
        reads_only: it changes nothing in the world, so needs no lock on the embedded one.
        live: it follows a stream, which `--until`, `--timeout` or `--max` bound: without one of them an
            embedded world runs at the pace of real time. It keeps to `--timeout` itself, and says what it
            means that the time is up.
        serves: it offers the embedded world to other programs, at the pace of real time, until it is ended
            or its `--timeout` is over.
        hidden: left out of lists of commands.
    """

    __slots__ = (
        "aliases",
        "details",
        "examples",
        "hidden",
        "live",
        "needs",
        "options",
        "parameters",
        "path",
        "reads_only",
        "run",
        "serves",
        "summary",
    )

    def __init__(
        self,
        path: str,
        parameters: str,
        summary: str,
        run: str,
        *,
        needs: Needs = "wires",
        options: tuple[Option, ...] = (),
        examples: tuple[tuple[str, str], ...] = (),
        details: tuple[str, ...] = (),
        aliases: tuple[str, ...] = (),
        reads_only: bool = False,
        live: bool = False,
        serves: bool = False,
        hidden: bool = False,
    ) -> None:
        """Keep what the attributes say."""
        self.path = path
        self.parameters = parameters
        self.summary = summary
        self.run = run
        self.needs = needs
        self.options = options
        self.examples = examples
        self.details = details
        self.aliases = aliases
        self.reads_only = reads_only
        self.live = live
        self.serves = serves
        self.hidden = hidden

    @property
    def times_itself(self) -> bool:
        """Whether it keeps to a limit of time by itself: it follows, serves, or has its own `--timeout`."""
        return self.live or self.serves or any(option.name == "timeout" for option in self.options)

    @property
    def places(self) -> tuple[Parameter, ...]:
        """The parameters, one by one."""
        return tuple(map(Parameter, self.parameters.split()))


class Category:
    """A word that only holds commands, or the program itself (path "")."""

    __slots__ = ("path", "summary")

    def __init__(self, path: str, summary: str) -> None:
        """Keep the words and the line for lists of commands."""
        self.path = path
        self.summary = summary


GLOBAL_OPTIONS = (
    Option(
        "verbose",
        "count",
        "Tell where errors come from; -vv: serial traffic too, -vvv: HTTP exchanges too",
        short="v",
    ),
    Option("quiet", "count", "Tell less of what goes on; results are still printed", short="q"),
    Option("json", "boolean", "Print the result as one JSON document"),
    Option("profile", "string", "Use this profile, for this command only", value="NAME"),
    Option("bus", "strings", "Where to look for USB devices: libusb or sim:", value="BUS"),
    Option("insecure", "boolean", "Let tokens go over plain http, where apiUrl leads to another machine so"),
    Option("trace", "string", "Write what goes over USB to this file, for Wireshark", value="FILE.pcapng"),
    Option("timeout", "number", "Give up after so many seconds", value="SECONDS"),
    Option("interactive", "boolean", "Ask questions even where no terminal is"),
    Option("non-interactive", "boolean", "Never ask; fail and name the flag that answers"),
    Option("no-color", "boolean", "Never colour the output"),
    Option("help", "boolean", "Show this help", short="h"),
)


def global_options(command: Command) -> tuple[Option, ...]:
    """Return the global options of a command: all but those that an option of its own stands in for."""
    own = {option.name for option in command.options}
    return tuple(option for option in GLOBAL_OPTIONS if option.name not in own)


DEVICE = Option("device", "strings", "Id or name of a device; may be repeated", value="DEVICE")
ONE_DEVICE = Option("device", "strings", "Id or name of the device", value="DEVICE")
PRODUCT = Option("product", "string", "Id or slug of the product that the device belongs to", value="PRODUCT")
PORT = Option("port", "string", "Serial port: its path, or its place in `particle serial list`", value="PORT")
TARGET = Option("target", "string", "Device OS version to compile for", value="VERSION")
APPLICATION_ONLY = Option("application-only", "boolean", "Leave Device OS as it is")
NO_VERIFY = Option("no-verify", "boolean", "Do not read back what was written")
FOLLOW_SYMLINKS = Option("followSymlinks", "boolean", "Also take sources from folders that are linked")
YES = Option("yes", "boolean", "Answer yes to every question")
DRY_RUN = Option("dry-run", "boolean", "Say what would be done, and do nothing")
ALL_DEVICES = Option("all", "boolean", "Every device that is attached")
