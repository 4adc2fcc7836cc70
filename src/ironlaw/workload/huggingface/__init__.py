"""Importer of Hugging Face `config.json`: foreign names are translated here and nowhere else."""

from ironlaw.workload.huggingface.config import FAMILIES, decoder_from_config

__all__ = ["FAMILIES", "decoder_from_config"]
