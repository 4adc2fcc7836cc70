"""The refusal of something that a mission does not allow at this moment."""

from __future__ import annotations

from ironlaw.base.errors import ModelError


class RefusedError(ModelError, ValueError):
    """Something that the mission does not allow at this moment."""
