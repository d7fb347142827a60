"""Detectors as data: a card and its ONNX files, run by ONNX Runtime."""

import os

# From 1.29 on the official builds report sessions, models and devices to their maker, over the
# network and unasked. Only what stands in the environment before the first import stops all of it.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
os.environ["ORT_TELEMETRY_DISABLED"] = "1"  # its name in some builds

import onnxruntime

from inspector.adapters.onnx.card import read_card
from inspector.adapters.onnx.detector import OnnxDetector, load_detector
from inspector.adapters.onnx.providers import DEVICES, accelerator_in_sight, device_facts
from inspector.adapters.onnx.training_file import read_training

onnxruntime.disable_telemetry_events()  # Windows builds that trace by other means

__all__ = [
    "DEVICES",
    "OnnxDetector",
    "accelerator_in_sight",
    "device_facts",
    "load_detector",
    "read_card",
    "read_training",
]
