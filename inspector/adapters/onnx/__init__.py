"""Detectors as data: a card and its ONNX files, run by ONNX Runtime."""

from inspector.adapters.onnx.card import read_card
from inspector.adapters.onnx.detector import OnnxDetector, load_detector

__all__ = ["OnnxDetector", "load_detector", "read_card"]
