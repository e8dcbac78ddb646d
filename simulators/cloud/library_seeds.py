"""The libraries that are there from the beginning, made for the simulated cloud."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Final

from attrs import evolve, frozen

from particle_cli.simulators.cloud.library_archives import pack
from particle_cli.simulators.cloud.library_checks import library_of
from particle_cli.simulators.cloud.library_rows import PUBLIC, Library

_CREATED: Final = 1_704_067_200_000  # 2024-01-01T00:00:00Z
_DAY_MS: Final = 86_400_000
_LICENSE: Final = (
    "Made for the simulated cloud of particle-cli. Licensed under the Apache License, version 2.0.\n"
)


@frozen
class Seed:
    """A library with its versions, all of the same files.

    Attributes:
        versions: in ascending order.
        header, source, example: what stands in its files, after their includes.
    """

    name: str
    versions: tuple[str, ...]
    sentence: str
    category: str
    header: str
    source: str
    example: str
    installs: int
    dependencies: tuple[tuple[str, str], ...] = ()
    official: bool = False
    verified: bool = False

    def files(self, version: str) -> dict[str, bytes]:
        """Return the files of a version by their paths."""
        properties = [
            f"name={self.name}",
            f"version={version}",
            "author=The makers of the simulated cloud",
            "license=Apache-2.0",
            f"sentence={self.sentence}",
            f"category={self.category}",
            "architectures=*",
            *(f"dependencies.{name}={needed}" for name, needed in self.dependencies),
        ]
        texts = {
            "library.properties": "\n".join(properties) + "\n",
            "README.md": f"# {self.name}\n\n{self.sentence}.\n",
            "LICENSE": _LICENSE,
            f"src/{self.name}.h": f'#pragma once\n\n#include "Particle.h"\n\n{self.header}',
            f"src/{self.name}.cpp": f'#include "{self.name}.h"\n\n{self.source}',
            "examples/usage/usage.ino": f'#include "{self.name}.h"\n\n{self.example}',
        }
        return {path: text.encode() for path, text in texts.items()}


_SEEDS: Final = (
    Seed(
        name="neopixel",
        versions=("0.0.10", "0.0.16", "1.0.4"),
        sentence="Keeps the colours of a strip of addressable LEDs",
        category="Display",
        installs=48_000,
        verified=True,
        header="""\
class Adafruit_NeoPixel {
public:
    Adafruit_NeoPixel(uint16_t count, uint16_t pin);
    void begin();
    void show();
    void setPixelColor(uint16_t index, uint8_t red, uint8_t green, uint8_t blue);
    uint16_t numPixels() const;

private:
    uint16_t count;
    uint16_t pin;
    uint32_t colors[256];
};
""",
        source="""\
Adafruit_NeoPixel::Adafruit_NeoPixel(uint16_t count, uint16_t pin) : count(count), pin(pin) {
}

void Adafruit_NeoPixel::begin() {
    pinMode(pin, OUTPUT);
}

void Adafruit_NeoPixel::show() {
}

void Adafruit_NeoPixel::setPixelColor(uint16_t index, uint8_t red, uint8_t green, uint8_t blue) {
    if (index < count && index < 256) {
        colors[index] = (red << 16) | (green << 8) | blue;
    }
}

uint16_t Adafruit_NeoPixel::numPixels() const {
    return count;
}
""",
        example="""\
Adafruit_NeoPixel strip(8, D2);

void setup() {
    strip.begin();
}

void loop() {
    strip.setPixelColor(0, 255, 0, 0);
    strip.show();
    delay(1000);
}
""",
    ),
    Seed(
        name="steady-button",
        versions=("1.0.0", "1.1.0"),
        sentence="Tells when a button is pressed, and not how its contacts bounce",
        category="Signal Input/Output",
        installs=9_100,
        official=True,
        verified=True,
        header="""\
class SteadyButton {
public:
    SteadyButton(uint16_t pin, unsigned long quietMs = 20);
    void begin();
    bool pressed();

private:
    uint16_t pin;
    unsigned long quietMs;
    unsigned long changedAt;
    bool last;
};
""",
        source="""\
SteadyButton::SteadyButton(uint16_t pin, unsigned long quietMs)
    : pin(pin), quietMs(quietMs), changedAt(0), last(false) {
}

void SteadyButton::begin() {
    pinMode(pin, INPUT_PULLUP);
}

bool SteadyButton::pressed() {
    bool down = digitalRead(pin) == LOW;
    if (down == last || millis() - changedAt < quietMs) {
        return false;
    }
    last = down;
    changedAt = millis();
    return down;
}
""",
        example="""\
SteadyButton button(D3);

void setup() {
    button.begin();
}

void loop() {
    if (button.pressed()) {
        Particle.publish("pressed");
    }
}
""",
    ),
    Seed(
        name="rolling-mean",
        versions=("0.9.0", "1.0.0", "1.2.0"),
        sentence="The mean of the last values of a sensor",
        category="Data Processing",
        installs=1_250,
        header="""\
class RollingMean {
public:
    void add(double value);
    double mean() const;

private:
    double values[16];
    int count = 0;
    int next = 0;
};
""",
        source="""\
void RollingMean::add(double value) {
    values[next] = value;
    next = (next + 1) % 16;
    if (count < 16) {
        count++;
    }
}

double RollingMean::mean() const {
    double sum = 0;
    for (int i = 0; i < count; i++) {
        sum += values[i];
    }
    return count ? sum / count : 0;
}
""",
        example="""\
RollingMean light;

void setup() {
}

void loop() {
    light.add(analogRead(A0));
    delay(100);
}
""",
    ),
    Seed(
        name="thermo-probe",
        versions=("0.1.0",),
        sentence="Reads a thermistor as degrees Celsius",
        category="Sensors",
        installs=310,
        dependencies=(("rolling-mean", "1.0.0"),),
        header="""\
#include "rolling-mean.h"

class ThermoProbe {
public:
    explicit ThermoProbe(uint16_t pin);
    double celsius();

private:
    uint16_t pin;
    RollingMean last;
};
""",
        source="""\
ThermoProbe::ThermoProbe(uint16_t pin) : pin(pin) {
}

double ThermoProbe::celsius() {
    last.add(analogRead(pin) / 4095.0 * 100 - 20);
    return last.mean();
}
""",
        example="""\
ThermoProbe probe(A1);

void setup() {
}

void loop() {
    Particle.publish("celsius", String(probe.celsius()));
    delay(10000);
}
""",
    ),
)


@cache
def seeded() -> tuple[Library, ...]:
    """Return all versions of all of them."""
    return tuple(_library(seed, version, day) for seed in _SEEDS for day, version in enumerate(seed.versions))


def _library(seed: Seed, version: str, day: int) -> Library:
    key = hashlib.sha256(f"{seed.name}@{version}".encode()).hexdigest()[:24]
    created = _CREATED + day * _DAY_MS
    row = library_of(pack(seed.files(version)), key=key, owner_id=None, created=created)
    return evolve(
        row,
        visibility=PUBLIC,
        published=created,
        installs=seed.installs,
        official=seed.official,
        verified=seed.verified,
    )
