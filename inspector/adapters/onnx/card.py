"""Reads a detector's card: TOML in, a checked ``DetectorSpec`` out."""

import hashlib
import tomllib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from inspector.adapters.onnx.labels import synthetic_class
from inspector.domain.detector import (
    Calibration,
    DetectorSpec,
    FusionTerm,
    OutputKind,
    OutputRole,
    Pool,
    SizePolicy,
    TrainingFile,
    ViewInput,
    ViewOutput,
    ViewSpec,
)
from inspector.domain.errors import ModelError

CARD_FILE = "card.toml"
CARD_BYTES = 1 << 20
"""No honest card is larger."""


def _plain_name(name: str) -> str:
    if Path(name).name != name or name in ("", ".", "..") or "\\" in name:
        raise ValueError("a file must lie beside the card, so its name has no folder in it")
    return name


Likelihood = Annotated[float, Field(ge=0, le=1)]
Triple = tuple[float, float, float]
Side = Annotated[int, Field(ge=1, le=8192)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]

MOST_FEATURES = 8192
"""No head that is worth a card reads more numbers of a picture."""


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class _Scope(_Table):
    task: str
    media: tuple[Literal["image", "video"], ...] = ("image", "video")
    not_for: str = ""


class _Input(_Table):
    name: str
    dtype: Literal["float32", "uint8"] = "float32"
    layout: Literal["nchw", "nhwc"] = "nchw"
    color: Literal["rgb", "bgr"] = "rgb"
    scale: float = 1.0
    mean: Triple = (0.0, 0.0, 0.0)
    std: Triple = (1.0, 1.0, 1.0)
    size_policy: SizePolicy
    size: Side
    resize: int = Field(default=0, ge=0, le=8192)
    multiple: Side = 1
    margin: int = Field(default=0, ge=0, le=4096)

    @model_validator(mode="after")
    def _consistent(self) -> "_Input":
        if 0.0 in self.std:
            raise ValueError("std must not be zero")
        if self.dtype == "uint8" and (self.scale, self.mean, self.std) != (1.0, (0,) * 3, (1,) * 3):
            raise ValueError("a uint8 input is fed as it is: scale 1, mean 0, std 1")
        if self.size_policy is SizePolicy.NATIVE_TILES and self.size % self.multiple:
            raise ValueError("the tile side must be a multiple of `multiple`")
        if self.size_policy is SizePolicy.RESIZE_SHORT and not self.resize:
            raise ValueError("resize_short needs `resize`")
        return self


class CardOutput(_Table):
    name: str
    role: OutputRole
    kind: OutputKind | None = None
    synthetic_index: Literal[0, 1] = 0
    id2label: dict[str, str] = {}
    stride: int = Field(default=0, ge=0, le=1024)
    weights: tuple[float, ...] = Field(default=(), max_length=MOST_FEATURES)
    bias: float = 0.0

    @model_validator(mode="after")
    def _consistent(self) -> "CardOutput":
        if (self.role is OutputRole.PATCH_MAP) != (self.stride > 0):
            raise ValueError("a patch map, and nothing else, has a stride")
        if self.role is OutputRole.FEATURES:
            if self.kind not in (None, OutputKind.LOGIT):
                raise ValueError("a head over features gives a logit")
        elif self.kind is None:
            raise ValueError("a score or a map has a kind")
        elif self.weights or self.bias:
            raise ValueError("features, and nothing else, have weights and a bias")
        return self

    @model_validator(mode="after")
    def _names_its_classes(self) -> "CardOutput":
        if not self.id2label:
            return self
        if self.kind not in (OutputKind.LOGITS2, OutputKind.PROBS2):
            raise ValueError("only an output of two classes has id2label")
        if "synthetic_index" not in self.model_fields_set:
            synthetic_class(self.id2label)
        return self

    def output(self) -> ViewOutput:
        index = self.synthetic_index
        if self.id2label and "synthetic_index" not in self.model_fields_set:
            index = synthetic_class(self.id2label)
        given = self.model_dump(exclude={"id2label"})
        kind = self.kind or OutputKind.LOGIT
        return ViewOutput(**(given | {"kind": kind, "synthetic_index": index}))


class _View(_Table):
    name: str = Field(pattern=r"^[a-z0-9_-]+$")
    file: Annotated[str, AfterValidator(_plain_name)]
    sha256: Sha256
    input: _Input
    outputs: tuple[CardOutput, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _gives_one_score(self) -> "_View":
        heads = [o for o in self.outputs if o.role is OutputRole.FEATURES]
        if len(heads) > 1:
            raise ValueError("a view has one output of features at most")
        scores = [o for o in self.outputs if o.role is OutputRole.IMAGE_SCORE]
        maps = [o for o in self.outputs if o.role is OutputRole.PATCH_MAP]
        if not scores and not maps and not any(head.weights for head in heads):
            raise ValueError("a view whose features have no weights gives no score")
        return self


class _Fusion(_Table):
    features: tuple[str, ...] = Field(min_length=1)
    weights: tuple[float, ...]
    bias: float = 0.0


class _Calibration(_Table):
    temperature: float = Field(default=1.0, gt=0)
    bias: float = 0.0
    map_temperature: float = Field(default=1.0, gt=0)
    map_bias: float = 0.0
    review: Likelihood = 0.5
    drop: Likelihood = 0.9
    region_review: Likelihood = 0.95
    region_low: Likelihood = 0.7
    video_review: Likelihood = 0.5
    video_drop: Likelihood = 0.9
    video_temperature: float | None = Field(default=None, gt=0)
    video_bias: float | None = None
    n_real: int = Field(default=0, ge=0)
    n_real_over_drop: int = Field(default=0, ge=0)


class _Abstain(_Table):
    min_side_px: int = Field(default=1, ge=1)


class _Teach(_Table):
    file: Annotated[str, AfterValidator(_plain_name)]
    sha256: Sha256


class Card(_Table):
    card_schema: Literal["inspector.card/1"] = Field(alias="schema")
    id: str = Field(pattern=r"^[A-Za-z0-9._-]+$")
    version: str
    licence: str
    source: str
    scope: _Scope
    views: tuple[_View, ...] = Field(min_length=1)
    fusion: _Fusion
    calibration: _Calibration = _Calibration()
    abstain: _Abstain = _Abstain()
    report: dict[str, float] = {}
    teach: _Teach | None = None


def read_card(folder: Path) -> DetectorSpec:
    """Return what ``folder/card.toml`` says; the ONNX files are not opened.

    Raises:
        ModelError: the card is missing, is no valid TOML, or a field is wrong.
    """
    card, sha256 = parse_card(folder)
    return _spec(card, sha256)


def parse_card(folder: Path) -> tuple[Card, str]:
    """Return ``folder/card.toml`` as it is written, its fields checked, and its sha256.

    Raises:
        ModelError: the card is missing, is no valid TOML, or a field is wrong.
    """
    file = folder / CARD_FILE
    try:
        with file.open("rb") as handle:
            data = handle.read(CARD_BYTES + 1)
    except OSError as error:
        raise ModelError(f"The detector's card {file} cannot be read: {error.strerror}.") from error
    if len(data) > CARD_BYTES:
        raise ModelError(f"The detector's card {file} is larger than a card can be.")
    try:
        card = Card.model_validate(tomllib.loads(data.decode("utf-8")))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ModelError(f"The detector's card {file} is not valid TOML: {error}.") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ModelError(
            f"The detector's card {file} is wrong at {place}: {first['msg']}."
        ) from error
    return card, hashlib.sha256(data).hexdigest()


def _spec(card: Card, sha256: str) -> DetectorSpec:
    views = tuple(_view(view) for view in card.views)
    if len({view.name for view in views}) < len(views):
        raise ModelError(f"The card of {card.id} names two views alike.")
    fusion = _terms(card, {view.name for view in views})
    return DetectorSpec(
        id=card.id,
        version=card.version,
        licence=card.licence,
        source=card.source,
        sha256=sha256,
        task=card.scope.task,
        media=card.scope.media,
        not_for=card.scope.not_for,
        views=views,
        fusion=fusion,
        fusion_bias=card.fusion.bias,
        calibration=Calibration(**card.calibration.model_dump()),
        min_side_px=card.abstain.min_side_px,
        report=dict(card.report),
        training=_training(card, views, fusion),
    )


def _training(
    card: Card, views: tuple[ViewSpec, ...], fusion: tuple[FusionTerm, ...]
) -> TrainingFile | None:
    if card.teach is None:
        return None
    first = next(view for view in views if view.name == fusion[0].view)
    whole = first.input.size_policy is not SizePolicy.NATIVE_TILES
    if first.features_output is None or fusion[0].pool is not Pool.MEAN or not whole:
        raise ModelError(
            f"The card of {card.id} can be taught, but the first term of its fusion is not the "
            "mean of a view that sees the whole picture and gives features."
        )
    return TrainingFile(card.teach.file, card.teach.sha256)


def _view(view: _View) -> ViewSpec:
    outputs = tuple(output.output() for output in view.outputs)
    return ViewSpec(
        view.name, view.file, view.sha256, ViewInput(**view.input.model_dump()), outputs
    )


def _terms(card: Card, views: set[str]) -> tuple[FusionTerm, ...]:
    fusion = card.fusion
    if len(fusion.features) != len(fusion.weights):
        raise ModelError(f"The card of {card.id} has not one weight for each fused feature.")
    terms = []
    for feature, weight in zip(fusion.features, fusion.weights, strict=True):
        view, _, pool = feature.partition(".")
        if view not in views or pool not in set(Pool):
            raise ModelError(f"The card of {card.id} fuses {feature}, which no view gives.")
        terms.append(FusionTerm(view, Pool(pool), weight))
    return tuple(terms)
