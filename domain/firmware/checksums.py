"""How the hash field of a module relates to its content.

The SHA-256 of a module is its identity; nothing refuses a module because of it, and not every tool computes
it alike.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Literal

from particle_cli.domain.firmware.module import Module
from particle_cli.domain.firmware.suffix import PLACEHOLDER_SHA256

Coverage = Literal["all-before-field", "payload-only", "placeholder", "unknown"]


def sha256_coverage(module: Module) -> Coverage:
    """Tell what the stored SHA-256 covers.

    Returns:
        `all-before-field` for what Device OS builds have; `payload-only` for images wrapped by
        `create_module.py` (network coprocessor firmware); `placeholder` for images that were never
        post-processed; `unknown` where no rule gives the stored bytes.
    """
    stored = module.suffix.sha256
    if stored == module.computed_sha256():
        return "all-before-field"
    if stored == PLACEHOLDER_SHA256:
        return "placeholder"
    return "payload-only" if stored == sha256(module.payload).digest() else "unknown"
