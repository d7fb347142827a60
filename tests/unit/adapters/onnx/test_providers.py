"""Which provider a device means, and what is said where it cannot be had."""

import ctypes
import re

import onnxruntime as ort
import pytest

from inspector.adapters.onnx import cuda
from inspector.adapters.onnx.cuda import CudaFacts, cuda_facts, why_no_cuda
from inspector.adapters.onnx.faults import (
    DeviceFaultError,
    DeviceFullError,
    device_error,
    short_reason,
)
from inspector.adapters.onnx.providers import DEVICES, accelerator_in_sight, choose_provider
from inspector.domain.errors import ModelError
from tests.unit.adapters.onnx.pretended import FULL, LOST

CPU, CUDA, DML = "CPUExecutionProvider", "CUDAExecutionProvider", "DmlExecutionProvider"
TENSORRT, COREML = "TensorrtExecutionProvider", "CoreMLExecutionProvider"


@pytest.fixture
def build(monkeypatch):
    """Set which providers this build has, and whether there is an NVIDIA driver."""

    def has(*providers, driver=False):
        monkeypatch.setattr(ort, "get_available_providers", lambda: [*providers, CPU])
        monkeypatch.setattr("inspector.adapters.onnx.providers.driver_present", lambda: driver)

    return has


@pytest.mark.parametrize(
    ("device", "built_in", "driver", "tried"),
    [
        ("auto", (), False, ()),
        ("auto", (TENSORRT, CUDA), False, ()),
        ("auto", (TENSORRT, CUDA), True, (CUDA,)),
        ("auto", (CUDA, DML), False, (DML,)),
        ("auto", (DML, CUDA), True, (CUDA,)),
        ("auto", (COREML,), False, ()),
        ("cpu", (CUDA,), True, ()),
        ("cuda", (TENSORRT, CUDA), False, (CUDA,)),
        ("tensorrt", (CUDA, TENSORRT), True, (TENSORRT, CUDA)),
        ("dml", (DML,), False, (DML,)),
        ("directml", (DML,), False, (DML,)),
        ("coreml", (COREML,), False, (COREML,)),
    ],
)
def test_that_a_device_means_these_providers_in_this_order(build, device, built_in, driver, tried):
    build(*built_in, driver=driver)
    wanted = choose_provider(device)
    assert wanted.providers == tried
    assert wanted.missing is None
    assert accelerator_in_sight(device) == bool(tried)


@pytest.mark.parametrize("device", [d for d in DEVICES if d not in ("auto", "cpu")])
def test_that_a_device_this_build_lacks_is_named_with_what_it_has(build, device):
    build("AzureExecutionProvider")
    wanted = choose_provider(device)
    assert wanted.provider == CPU
    assert f"ONNX Runtime {ort.__version__} has no" in wanted.missing
    assert "only Azure, CPU" in wanted.missing


def test_that_an_unknown_device_is_an_error_that_names_the_known_ones():
    with pytest.raises(ModelError, match="no device abacus; known are auto, cpu, cuda, "):
        choose_provider("abacus")


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (CudaFacts(None, None, None, None, ()), "made without CUDA"),
        (CudaFacts("13.0", None, "13.0", "9.10.2", ()), "no NVIDIA driver.*for CUDA 13.0"),
        (
            CudaFacts("13.0", "12.4", "13.0", "9.10.2", ()),
            "needs CUDA 13.0.*driver takes CUDA 12.4 at most: install a newer driver",
        ),
        (
            CudaFacts("13.0", "13.1", "12.6", None, ("libcublas.so.13",)),
            "needs CUDA 13.0 and cuDNN 9; found were CUDA 12.6 and no cuDNN "
            r"\(missing: libcublas.so.13\): install inspector\[cuda\]",
        ),
        (CudaFacts("13.0", "13.0", "13.0", None, ()), "found were CUDA 13.0 and no cuDNN: install"),
        (CudaFacts("13.0", "13.0", "13.0", "9.10.2", ()), "which are here .*did not start"),
    ],
)
def test_that_what_cuda_needs_and_what_was_found_are_named(facts, said):
    sentence = why_no_cuda(facts)
    assert re.search(said, sentence), sentence
    assert sentence.endswith(".")


class Library:
    """A CUDA library that tells its version by any of the three functions."""

    def __init__(self, number):
        def tell(pointer):
            ctypes.cast(pointer, ctypes.POINTER(ctypes.c_int))[0] = number
            return 0

        def give():
            return number

        self.cuDriverGetVersion = self.cudaRuntimeGetVersion = tell
        self.cudnnGetVersion = give


def test_that_versions_are_read_from_the_libraries_themselves(monkeypatch):
    present = {
        "libcuda.so.1": Library(12080),
        "libcudart.so.12": Library(12060),
        "libcudnn.so.9": Library(91002),
    }

    monkeypatch.setattr(cuda, "WINDOWS", False)
    monkeypatch.setattr(cuda, "_library", present.get)
    monkeypatch.setattr(ort, "cuda_version", "13.0", raising=False)
    facts = cuda_facts()
    assert (facts.needed, facts.driver, facts.runtime, facts.cudnn) == (
        "13.0",
        "12.8",
        "12.6",
        "9.10.2",
    )
    assert facts.missing == (
        "libcudart.so.13",
        "libcublas.so.13",
        "libcublasLt.so.13",
        "libcurand.so.10",
    )


def test_that_what_the_runtime_prints_while_it_looks_for_cuda_stays_off_stdout(monkeypatch, capfd):
    def preload():
        print("Failed to load libcublasLt.so.13")  # noqa: T201 - as ONNX Runtime does

    monkeypatch.setattr(ort, "preload_dlls", preload, raising=False)
    cuda.preload_libraries.cache_clear()
    cuda.preload_libraries()
    cuda.preload_libraries.cache_clear()
    assert capfd.readouterr() == ("", "")


def test_that_an_old_runtime_that_preloads_nothing_will_do(monkeypatch):
    monkeypatch.delattr(ort, "preload_dlls", raising=False)
    cuda.preload_libraries.cache_clear()
    cuda.preload_libraries()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (FULL, DeviceFullError),
        (LOST, DeviceFaultError),
        ("CUDA failure 2: out of memory ; GPU=0 ; hostname=x", DeviceFullError),
        ("CUBLAS failure 3: CUBLAS_STATUS_ALLOC_FAILED ; GPU=0", DeviceFullError),
        ("Exception(1) tid(1) 8007000E Not enough memory resources", DeviceFullError),
        ("std::bad_alloc", DeviceFullError),
        ("Exception(2) 887A0005 The GPU device instance has been suspended", DeviceFaultError),
        ("", DeviceFaultError),
    ],
)
def test_that_a_full_device_is_told_from_one_that_fails(text, kind):
    assert type(device_error(RuntimeError(text))) is kind


def test_that_a_reason_is_one_short_line_without_the_runtime_s_own_source():
    assert short_reason(RuntimeError(LOST)) == (
        "CUDA failure 700: an illegal memory access was encountered"
    )
    assert short_reason(RuntimeError(FULL)) == (
        "Failed to allocate memory for requested buffer of size 939524096"
    )
    assert short_reason(
        RuntimeError("/onnxruntime_src/a/state.cc:729 void f(Options&, const X&) Please install.\n")
    ) == ("Please install")
    assert len(short_reason(RuntimeError("x" * 1000))) == 160
    assert short_reason(MemoryError()) == "MemoryError"
