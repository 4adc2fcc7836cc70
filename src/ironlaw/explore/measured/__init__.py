"""Measured tables: read, judged against the engine's predictions, scored, and checked against physics."""
