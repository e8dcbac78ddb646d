"""Which header an `#include` means: a file of the project, one of Device OS, or one that is missing."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from posixpath import dirname, normpath
from typing import Final

_STANDARD: Final = """
    algorithm array assert.h atomic bitset cassert cctype cerrno cfloat chrono cinttypes climits cmath
    cstdarg cstddef cstdint cstdio cstdlib cstring ctime ctype.h deque errno.h exception fcntl.h float.h
    forward_list functional initializer_list inttypes.h iomanip ios iostream iterator limits limits.h list
    locale.h malloc.h map math.h memory mutex new numeric optional pthread.h queue random ratio regex set
    setjmp.h signal.h sstream stack stdarg.h stdbool.h stddef.h stdexcept stdint.h stdio.h stdlib.h
    streambuf string string.h strings.h sys/time.h sys/types.h thread time.h tuple type_traits typeindex
    typeinfo unistd.h unordered_map unordered_set utility valarray variant vector wchar.h
"""
_DEVICE_OS: Final = """
    appender.h application.h Arduino.h bsd_stdlib.h cellular.h channel.h check.h cloud.h concurrent_hal.h
    core_hal.h debug.h delay_hal.h deviceid_hal.h eeprom_hal.h exflash_hal.h file_hal.h filesystem.h
    fuelgauge.h gpio_hal.h hal_platform.h i2c_hal.h ifapi.h interrupts_hal.h logging.h mbedtls_config.h
    nanopb_misc.h network_interface.h nfc.h ota_flash_hal.h Particle.h pb.h pb_decode.h pb_encode.h
    pinmap_hal.h platforms.h protocol_selector.h pwm_hal.h radio_common.h rgbled.h rng_hal.h rtc_hal.h
    scope_guard.h security_mode.h Serial.h service_debug.h spark_macros.h spark_wiring.h SPI.h spi_hal.h
    storage_hal.h str_util.h Stream.h string_convert.h system_error.h system_task.h system_version.h
    timer_hal.h timer_hires.h tracker.h usart_hal.h usb_hal.h usb_settings.h user_hal.h watchdog_hal.h
    Wire.h WString.h
"""
_KNOWN: Final = frozenset(_STANDARD.split()) | frozenset(_DEVICE_OS.split())
_DEVICE_OS_FAMILIES: Final = re.compile(
    r"(spark_|system_|hal_|sys/|hal/|wlan_|cellular_|ble_|usb_|mbedtls/|lwip/|openthread/|freertos/|sdk/|nrf|arm_).*"
)
_INSIGNIFICANT: Final = re.compile(r"[^a-z0-9]")


class Headers:
    """The headers that a project can include."""

    def __init__(self, paths: Iterable[str], libraries: Collection[str]) -> None:
        """Know the files that were sent, and the libraries that the cloud adds.

        Args:
            paths: of all files of the project.
            libraries: names declared as dependencies.
        """
        self._paths: Mapping[str, str] = {normpath(path): path for path in paths}
        roots = {"": None, "src": None}
        for path in sorted(self._paths):
            parts = path.split("/")
            if len(parts) > 3 and parts[0] == "lib" and parts[2] == "src":
                roots["/".join(parts[:3])] = None
            elif len(parts) > 2 and parts[0] == "lib":
                roots["/".join(parts[:2])] = None
        self._roots = tuple(roots)
        self._libraries = frozenset(_plain(name) for name in libraries)

    def find(self, name: str, including: str) -> str | None:
        """Return the path of the project's file that is meant, or None for one from outside.

        Args:
            name: as written in the directive.
            including: path of the file with the directive, whose folder is looked at first.
        """
        for folder in (dirname(including), *self._roots):
            found = self._paths.get(normpath(f"{folder}/{name}" if folder else name))
            if found is not None:
                return found
        return None

    def is_known(self, name: str) -> bool:
        """Tell whether the compiler has a header of its own, or of a library, by that name."""
        if name in _KNOWN or _DEVICE_OS_FAMILIES.fullmatch(name):
            return True
        parts = name.split("/")
        return any(_plain(part.partition(".")[0]) in self._libraries for part in (parts[0], parts[-1]))


def _plain(name: str) -> str:
    """Return what counts of a library's name: `Adafruit_DHT-Lib` and `AdafruitDHTLib` are one."""
    return _INSIGNIFICANT.sub("", name.lower())
