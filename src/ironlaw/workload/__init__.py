"""Operators on named tensors, with FLOPs and bytes: no hardware."""
