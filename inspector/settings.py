"""Typed settings, every field with its unit and range; read from and written to TOML."""

import os
import tomllib
from enum import StrEnum
from pathlib import Path

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from inspector.domain.errors import UsageError
from inspector.domain.media import MAX_PIXELS


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Theme(StrEnum):
    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class ScanSettings(_Section):
    """How a scan runs."""

    model: str = Field("auto", description="Detector id or folder; auto picks by device.")
    device: str = Field("auto", description="auto, cpu, cuda, ...")
    policy: str = Field("cautious", description="Preset name or path of a policy file.")
    jobs: int = Field(
        0, ge=0, le=256, description="Files in work at once; 0: one per core, and one."
    )
    frames: int = Field(16, ge=0, le=100_000, description="Frames scored per clip; 0: every frame.")
    tiles: int = Field(
        1,
        ge=1,
        le=1000,
        description="Native tiles scored per picture: one is what the built-in detectors' "
        "figures stand on, more take longer and see more of a large picture.",
    )


class LimitSettings(_Section):
    """What one file may cost a worker."""

    image_timeout_s: float = Field(10.0, gt=0, le=3600, description="An attempt at a picture, s.")
    video_stall_s: float = Field(30.0, gt=0, le=3600, description="A clip without progress, s.")
    address_space_bytes: int = Field(4 << 30, ge=1 << 29, description="Address space of a worker.")
    resident_bytes: int = Field(1500 << 20, ge=1 << 27, description="Resident memory of a worker.")
    max_pixels: int = Field(MAX_PIXELS, ge=1, description="Largest picture or frame, pixels.")
    frame_ring_bytes: int = Field(
        256 << 20, ge=1 << 20, description="Decoded frames in flight per worker, bytes."
    )


class DeskSettings(_Section):
    """How the desk looks and moves."""

    theme: Theme = Theme.SYSTEM
    auto_advance: bool = True
    heatmap_opacity: float = Field(0.55, ge=0, le=1, description="Share of the overlay's colour.")
    thumbnail_px: int = Field(160, ge=64, le=256, description="Side of a gallery cell's picture.")


class NetworkSettings(_Section):
    """From where a credential may be fetched on the user's word."""

    hosts: tuple[str, ...] = Field(
        (),
        description="The only hosts fetched from; *.example.org stands for all below it. "
        "Empty: the host that a file names, which is shown before.",
    )


class Settings(_Section):
    """Everything a user can set."""

    scan: ScanSettings = ScanSettings()
    limits: LimitSettings = LimitSettings()
    desk: DeskSettings = DeskSettings()
    network: NetworkSettings = NetworkSettings()


class Places:
    """Folders of the user's own: ``INSPECTOR_HOME`` replaces them all where it is set."""

    def __init__(self, home: Path | None = None) -> None:
        given = home or (
            Path(os.environ["INSPECTOR_HOME"]) if "INSPECTOR_HOME" in os.environ else None
        )
        self.config = given / "config" if given else platformdirs.user_config_path("inspector")
        self.data = given / "data" if given else platformdirs.user_data_path("inspector")
        self.cache = given / "cache" if given else platformdirs.user_cache_path("inspector")

    @property
    def settings_file(self) -> Path:
        return self.config / "settings.toml"

    @property
    def trust(self) -> Path:
        """Trust lists, one folder a tier."""
        return self.data / "trust"

    @property
    def sessions(self) -> Path:
        """Sessions that were not given a place of their own."""
        return self.data / "sessions"


def data_folder(name: str) -> Path:
    """Return a folder that ships beside the code: "resources" or "models".

    In a wheel it lies inside the package, in a checkout beside it.
    """
    package = Path(__file__).resolve().parent
    installed = package / "_data" / name
    return installed if installed.is_dir() else package.parent / name


def load_settings(file: Path) -> Settings:
    """Read settings; a missing file gives the defaults.

    Raises:
        UsageError: the file is no valid TOML or a field is out of range.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Settings()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"The settings in {file} cannot be read: {error}.") from error
    try:
        return Settings.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"The settings in {file} are not valid TOML: {error}.") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise UsageError(f"The setting {where} in {file} is wrong: {first['msg']}.") from error


def save_settings(settings: Settings, file: Path) -> None:
    """Write settings as TOML, atomically."""
    lines = []
    for section, values in settings.model_dump(mode="json").items():
        lines.append(f"[{section}]")
        lines += [f"{key} = {_toml(value)}" for key, value in values.items()]
        lines.append("")
    file.parent.mkdir(parents=True, exist_ok=True)
    temporary = file.with_suffix(".tmp")
    temporary.write_text("\n".join(lines), encoding="utf-8")
    temporary.replace(file)


def _toml(value: str | int | float | bool | list[str]) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    return repr(value)
