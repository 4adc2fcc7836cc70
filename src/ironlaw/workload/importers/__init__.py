"""Importers of foreign graphs: ONNX and PyTorch; the toolkits are imported where a file is read."""
