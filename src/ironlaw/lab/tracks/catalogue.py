"""The four tracks."""

from __future__ import annotations

from functools import lru_cache

from ironlaw.base.errors import UnknownNameError
from ironlaw.lab.part import Track
from ironlaw.lab.tracks import (
    cloud_algorithm_part,
    cloud_fusion_part,
    cloud_titan,
    cloud_titan_part,
    edge_algorithm_part,
    edge_audit,
    edge_audit_part,
    edge_fusion_part,
    mobile_algorithm_part,
    mobile_fusion_part,
    mobile_heat_part,
    mobile_heat_story,
    tiny_algorithm_part,
    tiny_fusion_part,
    tiny_ratio,
    tiny_ratio_part,
)


@lru_cache(maxsize=1)
def tracks() -> tuple[Track, ...]:
    """Every track; those without parts are not open yet."""
    return (_cloud_titan(), _edge_guardian(), _mobile_nomad(), _tiny_pioneer())


def _cloud_titan() -> Track:
    return Track(
        id="cloud-titan",
        name="Cloud Titan",
        persona="LLM architect",
        stakeholder="The CFO asks for tokens per dollar",
        north_star="Maximize the tokens that one node serves",
        machine=cloud_titan.machines(),
        crisis=cloud_titan.says(),
        parts=(cloud_titan_part.part(), cloud_fusion_part.part(), cloud_algorithm_part.part()),
    )


def _edge_guardian() -> Track:
    return Track(
        id="edge-guardian",
        name="Edge Guardian",
        persona="AV systems lead",
        stakeholder="The safety lead asks for determinism",
        north_star="A deterministic loop, every frame on time",
        machine=edge_audit.machines(),
        crisis=edge_audit.says(),
        parts=(
            edge_audit_part.part(),
            edge_fusion_part.part(),
            edge_algorithm_part.part(),
        ),
    )


def _mobile_nomad() -> Track:
    return Track(
        id="mobile-nomad",
        name="Mobile Nomad",
        persona="AR-glasses developer",
        stakeholder="The UX designer asks for a cool temple",
        north_star="Every frame translated, and a frame that stays cool",
        machine=mobile_heat_story.machines(),
        crisis=mobile_heat_story.says(),
        parts=(
            mobile_heat_part.part(),
            mobile_fusion_part.part(),
            mobile_algorithm_part.part(),
        ),
    )


def _tiny_pioneer() -> Track:
    return Track(
        id="tiny-pioneer",
        name="Tiny Pioneer",
        persona="Hearable lead",
        stakeholder="The hardware lead guards every kilobyte",
        north_star=tiny_ratio.north_star(),
        machine=tiny_ratio.machines(),
        crisis=tiny_ratio.says(),
        parts=(tiny_ratio_part.part(), tiny_fusion_part.part(), tiny_algorithm_part.part()),
    )


def track_named(name: str) -> Track:
    """A track by its id.

    Raises:
        UnknownNameError: offering the nearest.
    """
    for track in tracks():
        if track.id == name:
            return track
    raise UnknownNameError("track", name, [track.id for track in tracks()])
