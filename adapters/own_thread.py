"""A job in a thread of its own, for a caller that waits for it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

T = TypeVar("T")


def in_own_thread(job: Callable[[], T]) -> T:
    """Run the job in another thread, in the caller's context, and return or raise what comes of it.

    The caller's thread does nothing meanwhile, so the two need no locks between them.
    """
    with ThreadPoolExecutor(1, thread_name_prefix="particle") as threads:
        return threads.submit(copy_context().run, job).result()
