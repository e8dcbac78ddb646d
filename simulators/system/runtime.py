"""The application of a device while it runs: what it offers to the cloud, and what it answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from particle_cli.simulators.firmware.application import ApplicationManifest, Value

FunctionHandler = Callable[[str], int]
VariableSource = Callable[[], Value]


class NotOffered(LookupError):
    """The application that runs has no function or variable of that name."""


class Runtime:
    """One application from its start to the next reset.

    Attributes:
        manifest: what it does.
        handlers: Python code that answers function calls in place of the literal, by function name.
        sources: Python code that gives a variable's value, by variable name.
        values: the variables' present values.
    """

    def __init__(
        self,
        manifest: ApplicationManifest | None,
        *,
        handlers: Mapping[str, FunctionHandler],
        sources: Mapping[str, VariableSource],
    ) -> None:
        """Start it: every variable has its first value."""
        self.manifest = manifest or ApplicationManifest()
        self.handlers = handlers
        self.sources = sources
        self.values: dict[str, Value] = {one.name: one.value for one in self.manifest.variables}

    @property
    def functions(self) -> tuple[str, ...]:
        """The functions that it offers."""
        return tuple(function.name for function in self.manifest.functions)

    @property
    def variables(self) -> dict[str, str]:
        """The variables that it offers: name and type."""
        return {variable.name: variable.type for variable in self.manifest.variables}

    def call(self, name: str, argument: str) -> int:
        """Call a function: a handler if one is attached, else it returns its literal. Raises: NotOffered."""
        for function in self.manifest.functions:
            if function.name == name:
                handler = self.handlers.get(name)
                return handler(argument) if handler else function.returns
        raise NotOffered(name)

    def variable(self, name: str) -> Value:
        """Return a variable's value. Raises: NotOffered."""
        if name not in self.values:
            raise NotOffered(name)
        source = self.sources.get(name)
        return source() if source else self.values[name]
