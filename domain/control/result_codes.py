"""The results that Device OS gives to control requests: its system error codes (system_error.h)."""

from __future__ import annotations

from enum import IntEnum
from typing import Final


class ResultCode(IntEnum):
    """Zero, or what went wrong. Devices may answer with numbers that are not here."""

    OK = 0
    UNKNOWN = -100
    BUSY = -110
    NOT_SUPPORTED = -120
    NOT_ALLOWED = -130
    CANCELLED = -140
    ABORTED = -150
    TIMEOUT = -160
    NOT_FOUND = -170
    ALREADY_EXISTS = -180
    TOO_LARGE = -190
    NOT_ENOUGH_DATA = -191
    LIMIT_EXCEEDED = -200
    END_OF_STREAM = -201
    INVALID_STATE = -210
    FLASH_IO = -219
    IO = -220
    WOULD_BLOCK = -221
    FILE = -225
    PATH_TOO_LONG = -226
    NETWORK = -230
    PROTOCOL = -240
    INTERNAL = -250
    NO_MEMORY = -260
    INVALID_ARGUMENT = -270
    BAD_DATA = -280
    ENCODING_FAILED = -281
    OUT_OF_RANGE = -290
    DEPRECATED = -300
    COAP = -1000
    COAP_CONNECTION_CLOSED = -1001
    COAP_MESSAGE_RESET = -1002
    COAP_TIMEOUT = -1003
    COAP_REQUEST_NOT_FOUND = -1004
    COAP_REQUEST_CANCELLED = -1005
    COAP_4XX = -1100
    COAP_5XX = -1132
    AT_NOT_OK = -1200
    AT_RESPONSE_UNEXPECTED = -1210
    OTA_MODULE_NOT_FOUND = -1300
    OTA_UNSUPPORTED_MODULE = -1310
    OTA_VALIDATION_FAILED = -1320
    OTA_INTEGRITY_CHECK_FAILED = -1330
    OTA_RESUMED_UPDATE_FAILED = -1331
    OTA_DEPENDENCY_CHECK_FAILED = -1340
    OTA_INVALID_ADDRESS = -1350
    OTA_INVALID_SIZE = -1351
    OTA_INVALID_PLATFORM = -1360
    OTA_INVALID_FORMAT = -1370
    OTA_UPDATES_DISABLED = -1380
    OTA = -1390
    CRYPTO = -1400
    I2C_BUS_BUSY = -1600
    I2C_ARBITRATION_FAILED = -1601
    I2C_TX_ADDR_TIMEOUT = -1602
    I2C_FILL_DATA_TIMEOUT = -1603
    I2C_TX_DATA_TIMEOUT = -1604
    I2C_STOP_TIMEOUT = -1605
    I2C_ABORT = -1606
    PPP_PARAM = -1700
    PPP_OPEN = -1701
    PPP_DEVICE = -1702
    PPP_ALLOC = -1703
    PPP_USER = -1704
    PPP_CONNECT = -1705
    PPP_AUTH_FAIL = -1706
    PPP_PROTOCOL = -1707
    PPP_PEER_DEAD = -1708
    PPP_IDLE_TIMEOUT = -1709
    PPP_CONNECT_TIME = -1710
    PPP_LOOPBACK = -1711
    PPP_NO_CARRIER_IN_NETWORK_PHASE = -1712
    INVALID_SERVER_SETTINGS = -1800
    PROTECTED = -1801
    KEY_MISMATCH = -1802
    INVALID_SIGNATURE = -1803
    FILESYSTEM = -1900
    FILESYSTEM_IO = -1901
    FILESYSTEM_CORRUPT = -1902
    FILESYSTEM_NOENT = -1903
    FILESYSTEM_EXIST = -1904
    FILESYSTEM_NOTDIR = -1905
    FILESYSTEM_ISDIR = -1906
    FILESYSTEM_NOTEMPTY = -1907
    FILESYSTEM_BADF = -1908
    FILESYSTEM_FBIG = -1909
    FILESYSTEM_INVAL = -1910
    FILESYSTEM_NOSPC = -1911
    FILESYSTEM_NOMEM = -1912
    LEDGER_NOT_FOUND = -2000
    LEDGER_INVALID_FORMAT = -2001
    LEDGER_UNSUPPORTED_FORMAT = -2002
    LEDGER_READ_ONLY = -2003
    LEDGER_IN_USE = -2004
    LEDGER_TOO_LARGE = -2005
    LEDGER_TOO_MANY = -2006
    LEDGER_INCONSISTENT_STATE = -2007
    LEDGER_ENCODING_FAILED = -2008
    LEDGER_DECODING_FAILED = -2009
    LEDGER_REQUEST_FAILED = -2010
    LEDGER_INVALID_RESPONSE = -2011
    HAL_RTC_INVALID_TIME = -3000


_TEXTS: Final = {
    ResultCode.OK: "Operation succeeded",
    ResultCode.UNKNOWN: "Unknown error",
    ResultCode.BUSY: "Resource is busy",
    ResultCode.NOT_SUPPORTED: "Not supported",
    ResultCode.NOT_ALLOWED: "Not allowed",
    ResultCode.CANCELLED: "Operation cancelled",
    ResultCode.ABORTED: "Operation aborted",
    ResultCode.TIMEOUT: "Timeout error",
    ResultCode.NOT_FOUND: "Not found",
    ResultCode.ALREADY_EXISTS: "Already exists",
    ResultCode.TOO_LARGE: "Data is too large",
    ResultCode.LIMIT_EXCEEDED: "Limit exceeded",
    ResultCode.INVALID_STATE: "Invalid state",
    ResultCode.FLASH_IO: "Flash memory error",
    ResultCode.IO: "IO error",
    ResultCode.NETWORK: "Network error",
    ResultCode.PROTOCOL: "Protocol error",
    ResultCode.INTERNAL: "Internal error",
    ResultCode.NO_MEMORY: "Memory allocation error",
    ResultCode.INVALID_ARGUMENT: "Invalid argument",
    ResultCode.BAD_DATA: "Invalid data format",
    ResultCode.OUT_OF_RANGE: "Out of range",
    ResultCode.OTA_MODULE_NOT_FOUND: "No module in the firmware update",
    ResultCode.OTA_UNSUPPORTED_MODULE: "A module that this device does not take",
    ResultCode.OTA_VALIDATION_FAILED: "The firmware update is not valid",
    ResultCode.OTA_INTEGRITY_CHECK_FAILED: "The firmware update is damaged",
    ResultCode.OTA_DEPENDENCY_CHECK_FAILED: "The firmware update needs modules that the device does not have",
    ResultCode.OTA_INVALID_ADDRESS: "The firmware update is meant for another place in memory",
    ResultCode.OTA_INVALID_SIZE: "The firmware update is too large",
    ResultCode.OTA_INVALID_PLATFORM: "The firmware update is meant for another kind of device",
    ResultCode.OTA_INVALID_FORMAT: "The firmware update has an unknown format",
    ResultCode.OTA_UPDATES_DISABLED: "Updates are disabled on the device",
    ResultCode.PROTECTED: "Device is protected",
    ResultCode.KEY_MISMATCH: "Unrecognized cryptographic key",
    ResultCode.INVALID_SIGNATURE: "Signature validation failed",
}

_NEXT_STEPS: Final = {
    ResultCode.BUSY: "Try again in a moment.",
    ResultCode.NOT_SUPPORTED: "Update Device OS on the device: "
    "particle flash --local tinker --target VERSION",
    ResultCode.TIMEOUT: "Try again; reset the device if it happens again.",
    ResultCode.INVALID_STATE: "Reset the device, then try again.",
    ResultCode.NO_MEMORY: "Put the device in safe mode, where the application leaves it more memory: "
    "particle usb safe-mode",
    ResultCode.FLASH_IO: "Try again; if it happens again, the device's flash memory may be worn out.",
    ResultCode.OTA_INTEGRITY_CHECK_FAILED: "Try again; if it happens again, get the file anew.",
    ResultCode.OTA_DEPENDENCY_CHECK_FAILED: "Flash the modules that it needs first.",
    ResultCode.OTA_INVALID_PLATFORM: "Get the file that was built for this device.",
    ResultCode.OTA_UPDATES_DISABLED: "Put the device in safe mode: particle usb safe-mode",
}


def result_text(result: int) -> str:
    """Return what a result means, in the words that Particle's tools use where they have some."""
    try:
        code = ResultCode(result)
    except ValueError:
        return "Request error"
    return _TEXTS.get(code) or f"Error {code.name}"


def result_next_step(result: int) -> str | None:
    """Return what can be done about a result, or None."""
    return _NEXT_STEPS.get(ResultCode(result)) if result in set(ResultCode) else None
