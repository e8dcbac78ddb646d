"""From the files of a project to a firmware module, or to what a compiler says against them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from posixpath import splitext
from typing import Final

from attrs import field, frozen

from particle_cli.domain.firmware.versions import Release
from particle_cli.domain.platforms.catalogue import platform as platform_of
from particle_cli.domain.platforms.errors import UnknownPlatform
from particle_cli.domain.platforms.names import compile_targets, platform_ids
from particle_cli.domain.platforms.values import Platform
from particle_cli.domain.project.properties import Properties
from particle_cli.simulators.cloud.compiler.declarations import Declarations
from particle_cli.simulators.cloud.compiler.headers import Headers
from particle_cli.simulators.cloud.compiler.image import build_image
from particle_cli.simulators.cloud.compiler.lexer import Kind, Token
from particle_cli.simulators.cloud.compiler.preprocessor import Preprocessed, Preprocessor
from particle_cli.simulators.cloud.compiler.product import read_product
from particle_cli.simulators.cloud.compiler.registrations import read_manifest
from particle_cli.simulators.cloud.compiler.sources import (
    CompileRefused,
    CompilerErrors,
    Diagnostic,
    Source,
)
from particle_cli.simulators.cloud.compiler.structure import Structure, missing_semicolon, pair_brackets
from particle_cli.simulators.cloud.releases import default_release, releases_of

LIMIT: Final = 10 * 1024 * 1024
"""The most that all files of a project may have together, in bytes."""

_COMPILED: Final = frozenset({".ino", ".pde", ".cpp", ".cc", ".cxx", ".c"})
_LEFT_OUT: Final = frozenset({"examples", "test", "tests", "node_modules", "target"})
_RUNTIME_SIZE: Final = 4096  # modelled code that every application has
_TOKEN_SIZE: Final = 5  # modelled code for a token, on average


@frozen
class Built:
    """What came of a compilation: the firmware, its target release and what `size` says of it."""

    binary: bytes = field(repr=False)
    release: str
    size_info: str


def compile_project(sources: Sequence[Source], platform_id: int, *, target: str | None) -> Built:
    """Compile a project.

    Args:
        sources: its files.
        platform_id: kind of device to compile for.
        target: release of Device OS, or None for the platform's newest final one.

    Raises: CompilerErrors, CompileRefused.
    """
    platform = _platform(platform_id)
    release = _release(platform, target)
    texts = _texts(sources)
    compiled = compiled_paths(texts)
    if not compiled:
        raise CompileRefused("No source to compile: a project needs a .ino, .cpp or .c file")
    program = _preprocessed(texts, compiled, platform, release)
    structures = _checked(program, compiled)
    declarations = Declarations(list(structures.values()), program.macros)
    of_sources = [structures[path] for path in compiled]
    manifest, product = read_manifest(of_sources, declarations), read_product(of_sources, declarations)
    seed = hashlib.sha256(f"{platform.id} {release.version}".encode())
    for source in sorted(sources, key=lambda source: source.path):
        for part in (source.path.encode(), source.content):
            seed.update(len(part).to_bytes(4, "little") + part)
    size, code = _code_size(program), seed.hexdigest()
    image = build_image(platform, release, manifest, code_size=size, seed=code, product=product)
    if image.overflow:
        text = f"region 'APP_FLASH' overflowed by {image.overflow} bytes"
        raise CompilerErrors([Diagnostic(compiled[0], 1, 1, text)])
    return Built(image.binary, release.name, image.size_info)


def _platform(platform_id: int) -> Platform:
    try:
        found = platform_of(platform_id)
    except UnknownPlatform:
        raise CompileRefused(f"Unknown platform: {platform_id}") from None
    if platform_id not in compile_targets() and not found.modules:
        raise CompileRefused(f"There is nothing to compile for on {found.display_name}")
    return found


def _release(platform: Platform, target: str | None) -> Release:
    if target is None:
        found = default_release(platform)
    else:
        found = next((one for one in releases_of(platform) if one.name == target.removeprefix("v")), None)
    if found is None:
        raise CompileRefused(f"Unknown build target {target or 'latest'} for {platform.display_name}")
    return found


def _texts(sources: Sequence[Source]) -> Mapping[str, str]:
    """Return the files' texts by path. Raises: CompileRefused for paths or sizes that won't do."""
    if sum(len(source.content) for source in sources) > LIMIT:
        raise CompileRefused(f"The project is larger than {LIMIT // 1024 // 1024} MB", status=413)
    texts: dict[str, str] = {}
    for source in sources:
        path = source.path.removeprefix("./")
        if not path or path.startswith("/") or ".." in path.split("/") or "\0" in path or path[1:3] == ":/":
            raise CompileRefused(f"Invalid path in the project: {source.path!r}")
        if path in texts:
            raise CompileRefused(f"There are two files {path} in the project")
        texts[path] = source.content.decode("utf-8", "surrogateescape").replace("\r\n", "\n")
    return texts


def compiled_paths(paths: Iterable[str]) -> list[str]:
    """Return the paths of the sources that are compiled, sketches first.

    In a project with a folder `src` that is what lies in it, else what lies about, less examples and
    tests; beside that the `src` folders of the libraries in `lib`.
    """
    wanted = [path for path in paths if splitext(path)[1].lower() in _COMPILED]
    extended = "project.properties" in paths and any(path.startswith("src/") for path in wanted)
    chosen = [path for path in wanted if _is_compiled(path.split("/"), extended=extended)]
    return sorted(chosen, key=lambda path: (path.startswith("lib/"), splitext(path)[1] != ".ino", path))


def _is_compiled(parts: Sequence[str], *, extended: bool) -> bool:
    if parts[0] == "lib" and len(parts) > 3:
        return parts[2] == "src"
    if extended:
        return parts[0] == "src"
    return parts[0] != "lib" and not _LEFT_OUT.intersection(parts[:-1])


def _preprocessed(
    texts: Mapping[str, str], compiled: Sequence[str], platform: Platform, release: Release
) -> Preprocessed:
    properties = Properties.parse(texts.get("project.properties", "").encode("utf-8", "surrogateescape"))
    prefix = "dependencies."
    libraries = [key.removeprefix(prefix) for key in properties.keys if key.startswith(prefix)]
    preprocessor = Preprocessor(texts, Headers(texts, libraries), _predefined(platform, release))
    for path in compiled:
        preprocessor.take(path)
    return preprocessor.result


def _predefined(platform: Platform, release: Release) -> Mapping[str, str]:
    """Return the macros that the compiler is called with, and those of Particle.h that choose code."""
    number = release.name.partition("-")[0].split(".")
    macros = {
        "PARTICLE": "1", "SPARK": "1", "ARDUINO": "10800", "__cplusplus": "201703L", "__GNUC__": "10",
        "PLATFORM_ID": str(platform.id),
        "PLATFORM_NAME": f'"{platform.name}"',
        "PLATFORM_GEN": str(platform.generation or 0),
        "PLATFORM_THREADING": "1",
        "SYSTEM_VERSION": f"0x{int(number[0]):02x}{int(number[1]):02x}{int(number[2]):02x}00",
        "Wiring_Cellular": str(int(platform.interfaces.cellular)),
        "Wiring_WiFi": str(int(platform.interfaces.wifi)),
        "Wiring_BLE": str(int(platform.interfaces.ble)),
        "Wiring_Ethernet": str(int(platform.interfaces.ethernet)),
    }  # fmt: skip
    for other in map(platform_of, platform_ids()):
        for name in (other.name, *_MACRO_NAMES.get(other.name, ())):
            macros[f"PLATFORM_{name.upper()}"] = str(other.id)
    return macros


_MACRO_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "electron": ("electron_production",),
    "photon": ("photon_production",),
    "core": ("spark_core",),
}


def _checked(program: Preprocessed, compiled: Sequence[str]) -> Mapping[str, Structure]:
    """Return the structure of every file of the program.

    Raises: CompilerErrors with all that is wrong; what a broken structure would only follow from is left out.
    """
    faults = list(program.faults)
    structures: dict[str, Structure] = {}
    for path, tokens in program.tokens.items():
        structure, unpaired = pair_brackets(tokens)
        fault = unpaired or missing_semicolon(structure) or (path in compiled and _no_declaration(tokens))
        faults += [fault] if isinstance(fault, Diagnostic) else []
        structures[path] = structure
    if not faults:
        defined = {name for path in compiled for name in _defined_outermost(structures[path])}
        for name in ("setup", "loop"):
            if name not in defined:
                faults.append(Diagnostic(compiled[0], 1, 1, f"undefined reference to '{name}()'"))
    if faults:
        order = {path: number for number, path in enumerate(program.tokens)}
        faults.sort(key=lambda fault: (order.get(fault.file, 0), fault.line, fault.column))
        raise CompilerErrors(faults)
    return structures


def _no_declaration(tokens: Sequence[Token]) -> Diagnostic | None:
    """Return the fault of a source that ends in, or is, a word that declares nothing."""
    if not tokens or tokens[-1].kind is not Kind.WORD:
        return None
    last = tokens[-1]
    if len(tokens) == 1 or tokens[-2].text in (";", "}"):
        return Diagnostic(last.file, last.line, last.column, f"'{last.text}' does not name a type")
    where = (last.file, last.line, last.column + len(last.text))
    return Diagnostic(*where, "expected ';' at end of input")


def _defined_outermost(structure: Structure) -> Iterable[str]:
    """Yield the names of functions defined outside any braces but those of `extern "C"`."""
    tokens, at = structure.tokens, 0
    while at < len(tokens):
        token = tokens[at]
        if token.is_mark("{"):
            linkage = at > 1 and tokens[at - 2].text == "extern" and tokens[at - 1].kind is Kind.STRING
            at = at + 1 if linkage else structure.partner[at] + 1
            continue
        if token.kind is Kind.WORD and at + 1 < len(tokens) and tokens[at + 1].is_mark("("):
            end = structure.partner[at + 1] + 1
            while end < len(tokens) and tokens[end].text in ("noexcept", "const"):
                end += 1
            if end < len(tokens) and tokens[end].is_mark("{"):
                yield token.text
        at += 1


def _code_size(program: Preprocessed) -> int:
    """Model the size of the machine code: so much for each token, and strings as they are."""
    size = _RUNTIME_SIZE
    for tokens in program.tokens.values():
        size += _TOKEN_SIZE * len(tokens)
        size += sum(len(token.text) for token in tokens if token.kind is Kind.STRING)
    return size
