"""The recipe that makes the built-in detectors: data in, ONNX files and cards out."""

import os

# ONNX Runtime reports to its maker unless this stands before its first import.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
