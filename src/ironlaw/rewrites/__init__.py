"""Rewrites: a workload in, a workload out, each with its law."""
