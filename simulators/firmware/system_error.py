"""Result codes of control requests, as Device OS numbers them (`system_error.h`)."""

from __future__ import annotations

UNKNOWN = -100
NOT_SUPPORTED = -120
NOT_ALLOWED = -130
TIMEOUT = -160
NOT_FOUND = -170
TOO_LARGE = -190
INVALID_STATE = -210
FLASH_IO = -219
INVALID_ARGUMENT = -270
BAD_DATA = -280
OUT_OF_RANGE = -290
AT_NOT_OK = -1200
OTA_MODULE_NOT_FOUND = -1300
OTA_UNSUPPORTED_MODULE = -1310
OTA_VALIDATION_FAILED = -1320
OTA_INTEGRITY_CHECK_FAILED = -1330
OTA_DEPENDENCY_CHECK_FAILED = -1340
OTA_INVALID_ADDRESS = -1350
OTA_INVALID_SIZE = -1351
OTA_INVALID_PLATFORM = -1360
OTA_INVALID_FORMAT = -1370
OTA_UPDATES_DISABLED = -1380
CRYPTO = -1400
PROTECTED = -1801
KEY_MISMATCH = -1802
INVALID_SIGNATURE = -1803


class RequestFailed(Exception):
    """A control request ends with an error.

    Attributes:
        result: the code to answer with.
    """

    def __init__(self, result: int) -> None:
        """Keep the code."""
        super().__init__(str(result))
        self.result = result
