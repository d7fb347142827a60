"""The recipe that makes the built-in detectors: data in, ONNX files and cards out."""
