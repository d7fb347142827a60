"""Policy and calibration files that people write: TOML, checked field by field."""

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from inspector.domain.errors import ListError, UsageError
from inspector.domain.media import MediaKind
from inspector.domain.policy import PRESETS, Policy, Thresholds, with_thresholds
from inspector.domain.provenance import TrainingUse
from inspector.domain.verdict import Decision, Rule


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Approve(_Table):
    folders: tuple[Path, ...] = ()
    signers: tuple[str, ...] = ()


class _PolicyFile(_Table):
    preset: str = "cautious"
    name: str | None = None
    use: TrainingUse | None = None
    calibration: Path | None = None
    off: frozenset[Rule] = frozenset()
    decisions: dict[Rule, Decision] = {}
    approve: _Approve = _Approve()


class Limits(_Table):
    """Likelihoods at which a kind of media is reviewed and dropped; over 1 is never reached."""

    review: float = Field(ge=0, lt=2)
    drop: float = Field(ge=0, lt=2)


class CalibrationFile(_Table):
    """Thresholds certified on a curator's own photos.

    Attributes:
        model: sha256 of the card they were measured with; they hold for no other model.
        false_drop: certified share of real photos over ``drop``, in (0, 1).
        n_real: photos counted.
    """

    model: str
    false_drop: float = Field(gt=0, lt=1)
    n_real: int = Field(ge=1)
    image: Limits | None = None
    video: Limits | None = None


_Parsed = TypeVar("_Parsed", bound=_Table)


def load_policy(name: str, model_sha256: str | None) -> Policy:
    """Return a preset by name, or the policy in a file.

    Args:
        name: "cautious", "strict", "pristine", "report", or a path.
        model_sha256: card of the detector in use; a calibration made with another is refused.

    Raises:
        UsageError: there is no such policy, or the file is wrong; one sentence says where.
    """
    if name in PRESETS:
        return PRESETS[name]
    file = Path(name)
    if not file.is_file():
        known = ", ".join(PRESETS)
        raise UsageError(f"There is no policy {name}: it is neither one of {known} nor a file.")
    written = _parse(file, _PolicyFile)
    if written.preset not in PRESETS:
        raise UsageError(f"The policy {file} starts from an unknown preset, {written.preset}.")
    base = PRESETS[written.preset]
    policy = replace(
        base,
        name=written.name or file.stem,
        use=written.use or base.use,
        off=written.off,
        decisions={**base.decisions, **written.decisions},
        approved_folders=tuple(
            str((file.parent / folder).resolve()) for folder in written.approve.folders
        ),
        approved_signers=written.approve.signers,
    )
    if written.calibration is None:
        return policy
    return _calibrated(policy, (file.parent / written.calibration).resolve(), model_sha256)


def _calibrated(policy: Policy, file: Path, model_sha256: str | None) -> Policy:
    calibration = _parse(file, CalibrationFile)
    if model_sha256 is not None and calibration.model != model_sha256:
        raise UsageError(
            f"The calibration {file} was made with another model, so its thresholds do not hold; "
            "make it again with inspector calibrate."
        )
    kinds = {MediaKind.IMAGE: calibration.image, MediaKind.VIDEO: calibration.video}
    return with_thresholds(
        policy,
        {
            kind: Thresholds(limits.review, limits.drop, certified=True)
            for kind, limits in kinds.items()
            if limits is not None
        },
    )


def _parse(file: Path, shape: type[_Parsed]) -> _Parsed:
    try:
        return shape.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file} cannot be read: {error}.") from error
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{file} is not valid TOML: {error}.") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise UsageError(f"{file}: {where}: {first['msg']}.") from error


def write_calibration(calibration: CalibrationFile, file: Path) -> None:
    """Write a calibration that ``load_policy`` reads.

    Raises:
        ListError: it cannot be written; an older one is untouched.
    """
    lines = [
        f'model = "{calibration.model}"',
        f"false_drop = {calibration.false_drop!r}",
        f"n_real = {calibration.n_real}",
    ]
    for name in ("image", "video"):
        limits: Limits | None = getattr(calibration, name)
        if limits is not None:
            lines += ["", f"[{name}]", f"review = {limits.review!r}", f"drop = {limits.drop!r}"]
    temporary = file.with_name(f".{file.name}.tmp")
    try:
        temporary.write_text("\n".join(lines) + "\n", encoding="utf-8")
        temporary.replace(file)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise ListError(f"{file} cannot be written: {error.strerror}.") from error
