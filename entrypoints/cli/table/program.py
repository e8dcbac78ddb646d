"""Commands about the program itself."""

from __future__ import annotations

from particle_cli.entrypoints.cli.table.entry import Command, Option

COMMANDS = (
    Command(
        "config",
        "[profile] [setting] [value]",
        "Switch between profiles, show or change settings",
        "config:run",
        needs="desk",
        aliases=("profile",),
        options=(Option("list", "boolean", "List the profiles there are"),),
        examples=(
            ("particle config", "Show the current profile"),
            ("particle config sim", "Switch to simulated devices and a simulated cloud"),
            ("particle config particle", "Switch back to the Particle Device Cloud"),
            ("particle config local apiUrl http://localhost:8080", "Set the API address of profile `local`"),
            ("particle config set usb sim:", "Change a setting of the current profile"),
        ),
        details=(
            "Settings say where each wire ends: `apiUrl` (an address, or `sim:`), `usb` (`libusb` or "
            "`sim:`), `serial` (`system` or `sim:`). Every mix is possible.",
        ),
    ),
    Command(
        "completion",
        "<shell>",
        "Print a completion script for a shell",
        "completion:run",
        needs="nothing",
        examples=(
            ('eval "$(particle completion bash)"', "Complete commands in this shell"),
            ("particle completion fish > ~/.config/fish/completions/particle.fish", "For good, in fish"),
        ),
        details=("Shells: bash, zsh, fish.",),
        reads_only=True,
    ),
    Command("help", "[command...]", "Show help for a command", "", needs="nothing", hidden=True),
    Command("version", "", "Print the version", "", needs="nothing", hidden=True),
)
