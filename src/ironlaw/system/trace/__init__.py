"""Recorded traces: read to columns, and what can be derived from them."""
