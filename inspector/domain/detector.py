"""What a detector card says, after it was read and checked."""

from dataclasses import dataclass, field
from enum import StrEnum


class SizePolicy(StrEnum):
    """How a frame becomes the input of a view."""

    NATIVE_TILES = "native_tiles"
    CENTRE_CROP = "centre_crop"
    RESIZE_CROP = "resize_crop"
    RESIZE = "resize"
    RESIZE_SHORT = "resize_short"


class OutputRole(StrEnum):
    """What an output of the graph is.

    ``FEATURES`` are numbers of a picture that a linear head reads: the card's own, or one still
    to be taught.
    """

    IMAGE_SCORE = "image_score"
    PATCH_MAP = "patch_map"
    FEATURES = "features"


class OutputKind(StrEnum):
    LOGIT = "logit"
    PROB = "prob"
    LOGITS2 = "logits2"
    PROBS2 = "probs2"


class Pool(StrEnum):
    """How a view's logits become one feature of the fusion."""

    MEAN = "mean"
    TOP10 = "top10"
    POSITIVE = "positive"
    SPREAD = "spread"
    SCORE = "score"  # mean of the image scores of a map view's tiles, beside their cells


@dataclass(frozen=True, slots=True)
class ViewInput:
    """How a view takes pixels: x = (pixel * scale - mean) / std, per channel.

    Attributes:
        size: crop or tile side in pixels.
        resize: short side before the crop, in pixels.
        multiple: sides are made a multiple of this.
        margin: native tiles: cells nearer than this many pixels to an inner tile border are
            thrown away when a whole map is stitched.
    """

    name: str
    dtype: str
    layout: str
    color: str
    scale: float
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    size_policy: SizePolicy
    size: int
    resize: int
    multiple: int
    margin: int


@dataclass(frozen=True, slots=True)
class ViewOutput:
    """One output of the graph.

    Attributes:
        stride: pixels per cell of a patch map.
        weights: of features: ``features @ weights + bias`` is the image logit, or is added to it
            where the view has an image score too; empty where the features are there only for a
            head that is still to be taught.
    """

    name: str
    role: OutputRole
    kind: OutputKind = OutputKind.LOGIT
    synthetic_index: int = 0
    stride: int = 0
    weights: tuple[float, ...] = ()
    bias: float = 0.0


@dataclass(frozen=True, slots=True)
class ViewSpec:
    """One ONNX file of a detector and how it is fed and read."""

    name: str
    file: str
    sha256: str
    input: ViewInput
    outputs: tuple[ViewOutput, ...]

    @property
    def image_output(self) -> ViewOutput | None:
        """What gives the image logit: the image score, or else a head over features."""
        score = next((o for o in self.outputs if o.role is OutputRole.IMAGE_SCORE), None)
        return score or self.head_output

    @property
    def map_output(self) -> ViewOutput | None:
        return next((o for o in self.outputs if o.role is OutputRole.PATCH_MAP), None)

    @property
    def head_output(self) -> ViewOutput | None:
        """The features whose weights stand in the card."""
        features = self.features_output
        return features if features is not None and features.weights else None

    @property
    def features_output(self) -> ViewOutput | None:
        return next((o for o in self.outputs if o.role is OutputRole.FEATURES), None)


@dataclass(frozen=True, slots=True)
class FusionTerm:
    """Weight of one pooled feature, "<view>.<pool>"."""

    view: str
    pool: Pool
    weight: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """From logits to likelihoods, and the thresholds that stand on counted real pictures.

    likelihood = sigmoid(logit / temperature + bias); thresholds are likelihoods in [0, 1].
    ``video_temperature`` and ``video_bias`` stand for the frames of clips, where the card has them.
    ``n_real`` held-out real pictures stand behind them, ``n_real_over_drop`` lie over ``drop``.
    """

    temperature: float = 1.0
    bias: float = 0.0
    map_temperature: float = 1.0
    map_bias: float = 0.0
    review: float = 0.5
    drop: float = 0.9
    region_review: float = 0.95
    region_low: float = 0.7
    video_review: float = 0.5
    video_drop: float = 0.9
    video_temperature: float | None = None
    video_bias: float | None = None
    n_real: int = 0
    n_real_over_drop: int = 0


@dataclass(frozen=True, slots=True)
class TrainingFile:
    """The file beside the card that holds what the first fused view's head was trained on."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class DetectorSpec:
    """A detector as its card gives it.

    Attributes:
        sha256: of card.toml, which pins every other file.
        min_side_px: shorter side under which the detector abstains.
        report: free measured numbers, for ``models info``.
        training: what lets the detector be taught; None where it cannot be.
    """

    id: str
    version: str
    licence: str
    source: str
    sha256: str
    task: str
    media: tuple[str, ...]
    not_for: str
    views: tuple[ViewSpec, ...]
    fusion: tuple[FusionTerm, ...]
    fusion_bias: float
    calibration: Calibration
    min_side_px: int
    report: dict[str, float] = field(default_factory=dict)
    training: TrainingFile | None = None

    @property
    def map_view(self) -> ViewSpec | None:
        """The view that draws the heatmap, if any."""
        return next((view for view in self.views if view.map_output is not None), None)


@dataclass(frozen=True, slots=True)
class DeviceReport:
    """The device a session really got, for the status bar and ``doctor``.

    Attributes:
        wanted: what was asked for: "auto", "cpu", "cuda", ...
        provider: ONNX Runtime's first provider in force, e.g. "CPUExecutionProvider".
        fallback_reason: one sentence where it is not what was asked for, else None.
        tiles_per_s: timed self-test, tiles a second; None where it was not run.
        batch: tiles that run together; 1 on a CPU, where a batch gains nothing.
        graph_share: share of the graph's nodes that the provider took, [0, 1]; the CPU runs
            the others. None where it is not known.
    """

    wanted: str
    provider: str
    fallback_reason: str | None = None
    tiles_per_s: float | None = None
    batch: int = 1
    graph_share: float | None = None

    @property
    def name(self) -> str:
        """Return the short name people know: "CPU", "CUDA", ..."""
        return device_name(self.provider)


def device_name(provider: str) -> str:
    """Return the short name of one of ONNX Runtime's providers: "CPU", "CUDA", "DirectML", ..."""
    short = provider.removesuffix("ExecutionProvider")
    return {"Dml": "DirectML", "Tensorrt": "TensorRT"}.get(short, short)
