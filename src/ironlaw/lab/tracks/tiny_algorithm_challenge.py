"""Tiny Pioneer, Part 3: twice the battery, and a milliwatt: what is proposed, and the number for or against it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from ironlaw.explore.hearable_reach import Demand, longest_frame
from ironlaw.instruments.scale import percent, significant, with_prefix
from ironlaw.lab.challenge import Challenge, Judgement
from ironlaw.lab.hearable_bench import limits
from ironlaw.lab.knobs import shown_value
from ironlaw.lab.questions import Verdict, near, quantity
from ironlaw.lab.tracks import tiny_algorithm_texts as texts
from ironlaw.lab.tracks.tiny_algorithm import (
    ESP32,
    assumed,
    before,
    controls,
    half_power,
    in_short,
    left_by,
    optimum_left,
    plan_at,
)

if TYPE_CHECKING:
    from ironlaw.lab.part import Answers, Knobs, Standing
    from ironlaw.lab.tracks.tiny_algorithm import Left
    from ironlaw.system.hearable.plan import Plan

_MILLI = 1e3


@lru_cache(maxsize=1)
def challenge() -> Challenge:
    """What the two leads demand."""
    return Challenge(
        who="Product lead",
        asks=asks,
        target=f"2× battery, {texts.TARGET}",
        questions=lambda _: (texts.PROPOSE, texts.POWER, texts.FLOOR),
        judge=judge,
        label=in_short,
        decision=decision,
    )


def asks() -> str:
    """What they demand, in their words."""
    one = before(optimum_left())
    draws = with_prefix(one.power.total, "W")
    return (
        f"Twice the battery life: half of what Part 2 left, {draws} at its optimum. The hardware lead insists on "
        f"{texts.TARGET}, as it was specified, and on no frame longer than {with_prefix(limits().deadline, 's', 2)}. "
        "Show us the design, and say what you propose."
    )


def judge(answers: Answers, standing: Standing) -> Judgement:
    """The engine's verdict on a proof.

    Args:
        answers: Checked answers by question.
        standing: Where the learner stands, the knobs among it.
    """
    knobs, left = standing.knobs, left_by(standing)
    now = plan_at(knobs, left)
    propose = str(answers["propose"])
    right, text = _proposal(propose, knobs, left)
    shown, floor = _MILLI * now.power.total, _MILLI * now.power.floor
    verdicts = {
        "propose": Verdict(right=right, feedback=text, answer=propose),
        "power": _read(quantity(answers, "power"), shown, "the power"),
        "floor": _read(quantity(answers, "floor"), floor, "what it draws asleep"),
    }
    missed = [name for name in ("power", "floor") if not verdicts[name].right]
    if right and missed:
        told = " ".join(verdicts[name].feedback for name in missed)
        return Judgement(verdicts=verdicts, text=f"The design holds, the evidence does not. {told}")
    return Judgement(verdicts=verdicts, text=text)


def _read(answer: float, actual: float, what: str) -> Verdict:
    if near(answer, actual):
        feedback = f"Yes: {significant(actual)} mW."
        return Verdict(right=True, feedback=feedback, answer=answer)
    feedback = f"The meter reads {what} otherwise, at the knobs as they stand: not {answer:g} mW."
    return Verdict(right=False, feedback=feedback, answer=answer)


def _proposal(propose: str, knobs: Knobs, left: Left) -> tuple[bool, str]:
    """Whether a proposal holds at some knobs, and the number that carries or refutes it."""
    now = plan_at(knobs, left)
    if assumed(knobs) != dict(knobs):
        registered = plan_at(assumed(knobs), left).power.total
        return False, (
            f"This rests on assumptions that were turned. At those of the registry the design draws "
            f"{with_prefix(registered, 'W')}, not {with_prefix(now.power.total, 'W')}: turn them back and prove it."
        )
    failure = _fails(now)
    if failure is not None:
        return False, failure
    if propose == "specification":
        return _specification(now, left)
    if propose == "chip":
        return _chip(now, knobs)
    return False, _not_the_chip(propose, now, knobs, left)


def _fails(now: Plan) -> str | None:
    """Why a design cannot run at all; None if it can."""
    chip, deadline = now.frame.machine.chip.short_title, limits().deadline
    for over, where in (
        (now.sram_over, "SRAM"),
        (now.stored_over, "memory that keeps the networks"),
    ):
        if over > 0.0:
            return f"It does not fit: {with_prefix(over, 'B')} over the {where} of the {chip}."
    if now.worst > deadline:
        both = (
            ""
            if now.listening is None
            else f", {with_prefix(now.listening.time, 's')} of them the detector's"
        )
        return (
            f"Too late: the longest frame takes {with_prefix(now.worst, 's')}{both}, and may take "
            f"{with_prefix(deadline, 's', 2)}. A mean meets no deadline."
        )
    return None


def _asleep(now: Plan) -> str:
    """What the chip draws asleep, against the target."""
    over = now.power.floor - limits().power
    chip = now.frame.machine.chip.short_title
    draws = f"Asleep alone, the {chip} draws {with_prefix(now.power.floor, 'W')}"
    return (
        f"{draws}, {with_prefix(over, 'W')} more than {texts.TARGET}."
        if over > 0.0
        else f"{draws}."
    )


def _not_the_chip(propose: str, now: Plan, knobs: Knobs, left: Left) -> str:
    """Why less work is no answer to the floor of a chip."""
    means = texts.MEANS[propose]
    if now.power.total > limits().power:
        saved = with_prefix(now.power.total, "W")
        return (
            f"{_asleep(now)} {means} leaves {saved} here, and at no work at all the floor is left."
        )
    home = plan_at({**knobs, "chip": ESP32}, left)
    return (
        f"{with_prefix(now.power.total, 'W')} holds, and it is not {means.lower()} that carries it: the same design "
        f"draws {with_prefix(home.power.total, 'W')} on the {home.frame.machine.chip.short_title}, "
        f"{with_prefix(home.power.floor, 'W')} of it asleep."
    )


def _chip(now: Plan, knobs: Knobs) -> tuple[bool, str]:
    """Whether the chip at hand meets the milliwatt."""
    power, chip = now.power.total, now.frame.machine.chip.short_title
    if knobs["chip"] == ESP32:
        return (
            False,
            f"{_asleep(now)} The knobs still stand at it: choose another chip, and prove it there.",
        )
    if power <= limits().power:
        took = with_prefix(now.worst, "s")
        return (
            True,
            f"The {chip} draws {with_prefix(power, 'W')}, under {texts.TARGET}, and is ready in {took}.",
        )
    longest = longest_frame(now.frame.machine, Demand(*limits()), now.gate)
    needs = (
        f"a frame of the network may take {with_prefix(longest, 's')}, and takes {with_prefix(now.frame.time, 's')}"
        if longest > 0.0
        else "the detector alone takes more than the floor leaves"
    )
    return (
        False,
        f"{_asleep(now)} This draws {with_prefix(power, 'W')}: for {texts.TARGET}, {needs}.",
    )


def _specification(now: Plan, left: Left) -> tuple[bool, str]:
    """Whether another specification doubles the battery, and is needed."""
    power, had = now.power.total, before(left).power.total
    chip = now.frame.machine.chip.short_title
    if power <= limits().power:
        return (
            False,
            f"The {chip} draws {with_prefix(power, 'W')}: it holds the specification as it is.",
        )
    ratio = significant(had / power)
    if power > half_power(left):
        return False, (
            f"{with_prefix(power, 'W')} is {ratio}× less than the {with_prefix(had, 'W')} that Part 2 left, and 2× is "
            f"demanded: {with_prefix(half_power(left), 'W')}."
        )
    return True, (
        f"{with_prefix(power, 'W')} instead of {with_prefix(had, 'W')}: {ratio}× the battery life, in "
        f"{with_prefix(now.worst, 's')}. {_asleep(now)} A specification for the {chip} begins at "
        f"{with_prefix(power, 'W')}; {percent(now.power.floor / power)} of that is the floor."
    )


def decision(answers: Answers, knobs: Knobs) -> str:
    """What an accepted proof decides, for the ledger.

    Args:
        answers: What was claimed.
        knobs: Where the knobs stood.
    """
    chip = next(control for control in controls() if control.id == "chip")
    power = f"{quantity(answers, 'power'):g} mW"
    if answers["propose"] == "chip":
        return f"changed the chip: {in_short(knobs)}, {power}"
    kept = shown_value(chip, knobs["chip"])
    return f"changed the specification: {power} instead of {texts.TARGET} on the {kept}, {in_short(knobs)}"
