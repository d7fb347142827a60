"""Which providers of ONNX Runtime stand for a device, and which of them are tried."""

from dataclasses import dataclass

import onnxruntime as ort

from inspector.adapters.onnx.cuda import cuda_facts, cuda_words, driver_present
from inspector.domain.errors import ModelError

CPU = "CPUExecutionProvider"
CUDA = "CUDAExecutionProvider"
DML = "DmlExecutionProvider"
TENSORRT = "TensorrtExecutionProvider"

DEVICE_BYTES = 4 << 30
"""Most memory that CUDA may take: a curator may be training on the same card."""

_PROVIDERS = {
    "cuda": (CUDA,),
    "tensorrt": (TENSORRT, CUDA),  # what TensorRT does not take, CUDA does
    "migraphx": ("MIGraphXExecutionProvider",),
    "rocm": ("ROCMExecutionProvider",),
    "openvino": ("OpenVINOExecutionProvider",),
    "dml": (DML,),
    "coreml": ("CoreMLExecutionProvider",),
}
_ALIASES = {"directml": "dml"}
_AUTO = ("cuda", "dml")
"""What "auto" tries, in order; the others need a user's word, since none was ever run."""

DEVICES = ("auto", "cpu", *_PROVIDERS)
"""Every device that can be asked for."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A device by the user's word, and the providers that stand for it on this machine.

    Attributes:
        providers: in the order they are tried; without the CPU, which always comes last.
        missing: one sentence where the device cannot be had in this build.
    """

    device: str
    providers: tuple[str, ...] = ()
    missing: str | None = None

    @property
    def provider(self) -> str:
        """The one that a session should get."""
        return self.providers[0] if self.providers else CPU


def choose_provider(device: str) -> Wanted:
    """Return which providers to ask for; a missing one becomes the CPU, and says so.

    Raises:
        ModelError: no device has that name.
    """
    name = _ALIASES.get(device, device)
    if name not in DEVICES:
        raise ModelError(f"There is no device {device}; known are {', '.join(DEVICES)}.")
    built_in = ort.get_available_providers()
    if name == "cpu":
        return Wanted(device)
    if name == "auto":
        usable = [d for d in _AUTO if _PROVIDERS[d][0] in built_in]
        if "cuda" in usable and not driver_present():
            usable.remove("cuda")
        return Wanted(device, _PROVIDERS[usable[0]] if usable else ())
    providers = tuple(p for p in _PROVIDERS[name] if p in built_in)
    if _PROVIDERS[name][0] in providers:
        return Wanted(device, providers)
    had = ", ".join(_names(built_in))
    return Wanted(
        device,
        missing=f"This build of ONNX Runtime {ort.__version__} has no {_PROVIDERS[name][0]}, "
        f"only {had}.",
    )


def accelerator_in_sight(device: str) -> bool:
    """Return whether asking for a device could give anything but the CPU; costs next to nothing.

    Raises:
        ModelError: no device has that name.
    """
    return choose_provider(device).provider != CPU


def device_facts() -> dict[str, str]:
    """Return what this build could run on, and for CUDA what it needs and what is here."""
    built_in = ort.get_available_providers()
    facts = {"this build has": ", ".join(_names(built_in))}
    return facts | (cuda_words(cuda_facts()) if CUDA in built_in else {})


def provider_options(provider: str) -> dict[str, str]:
    """Return how a provider is set up; what is not named is as ONNX Runtime has it."""
    if provider != CUDA:
        return {}
    return {
        "gpu_mem_limit": str(DEVICE_BYTES),
        "arena_extend_strategy": "kSameAsRequested",  # powers of two would take what others need
        "cudnn_conv_algo_search": "HEURISTIC",  # the thorough search costs seconds a shape
        "use_tf32": "0",  # thresholds were certified in float32: see tests/gpu/precision.py
    }


def _names(providers: list[str]) -> list[str]:
    return [provider.removesuffix("ExecutionProvider") for provider in providers]
