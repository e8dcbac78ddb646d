"""Progress bars at the foot of a terminal."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final, Protocol, TextIO

from particle_cli.adapters.terminal.output import escaped

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress
    from rich.progress import TaskID

_REDRAW_S: Final = 0.05  # real seconds: what a person sees, whatever time the work is in


class _Refresh(Protocol):
    def __call__(self, *, now: bool) -> None: ...


class Bars:
    """The bars that are up now, one below the other; rich is imported when the first is drawn."""

    def __init__(self, stream: TextIO, *, width: int, colour: bool) -> None:
        """Keep where and how to draw."""
        self._stream = stream
        self._width = width
        self._colour = colour
        self._drawn: RichProgress | None = None
        self._count = 0
        self._redrawn = 0.0

    @property
    def up(self) -> bool:
        """Whether a bar is on the screen."""
        return self._drawn is not None

    def add(self, label: str, total: float) -> Bar:
        """Put up a bar."""
        if self._drawn is None:
            self._drawn = _rich_progress(self._stream, self._width, self._colour)
            self._drawn.start()
        self._count += 1
        return Bar(self._drawn, self._drawn.add_task(escaped(label), total=total), self._refresh)

    def take_down(self, bar: Bar) -> None:
        """Take the bar down; the screen is as it was when it was the last one."""
        if self._drawn is None:
            return
        bar.vanish()
        self._count -= 1
        if not self._count:
            self._drawn.stop()
            self._drawn = None

    def print_above(self, line: str) -> None:
        """Print a line above the bars that are up."""
        if self._drawn is not None:
            self._drawn.console.print(escaped(line), markup=False, highlight=False, soft_wrap=True)

    def hide(self) -> None:
        """Clear the bars away while somebody types."""
        if self._drawn is not None:
            self._drawn.stop()

    def show(self) -> None:
        """Put the bars back."""
        if self._drawn is not None:
            self._drawn.start()

    def _refresh(self, *, now: bool) -> None:
        if self._drawn is not None and (now or time.monotonic() - self._redrawn >= _REDRAW_S):
            self._drawn.refresh()
            self._redrawn = time.monotonic()


class Bar:
    """One bar; the `Progress` of the person port."""

    def __init__(self, drawn: RichProgress, task: TaskID, refresh: _Refresh) -> None:
        """Keep the place on the screen."""
        self._drawn = drawn
        self._task = task
        self._refresh = refresh

    def label(self, text: str) -> None:
        """Say what is being done now."""
        self._drawn.update(self._task, description=escaped(text))
        self._refresh(now=True)

    def advance(self, amount: float) -> None:
        """Add to what is done."""
        self._drawn.advance(self._task, amount)
        self._refresh(now=False)

    def vanish(self) -> None:
        """Leave the screen."""
        self._drawn.remove_task(self._task)


def _rich_progress(stream: TextIO, width: int, colour: bool) -> RichProgress:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

    console = Console(
        file=stream, force_terminal=True, width=width, no_color=not colour, highlight=False, markup=False
    )
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TaskProgressColumn(),
        console=console,
        auto_refresh=False,  # no thread: the bar moves when the work does
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )
