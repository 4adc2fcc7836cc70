"""What speaks for a cause on the host: operators, gaps, calls, other threads."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ironlaw.base.number import summed
from ironlaw.system.audit import gaps, witnesses
from ironlaw.system.audit.causes import Cause, Evidence, Suspect, blamed, together
from ironlaw.system.audit.device_suspects import is_copy
from ironlaw.system.audit.vocabulary import DEVICE_KINDS, Kind

if TYPE_CHECKING:
    from ironlaw.system.audit.causes import Case
    from ironlaw.system.audit.compare import Excess


def _collection(case: Case) -> list[Suspect]:
    return together(case, Cause.GC, Kind.COLLECTION)


def _off_core(case: Case) -> list[Suspect]:
    over = case.of(Kind.OFF_CORE)
    time = summed(one.total for one in over)
    if time <= 0.0:
        return []
    first = over[0]
    longest = max((s for s in case.frame.segments if s.key == first.key), key=lambda s: s.time)
    task = gaps.task_during(case.frame.view, longest)
    where = first.name or "no recorded event"
    return [
        Suspect(
            cause=Cause.PREEMPTION,
            culprit=f"{task or 'another task'} (thread off its core in {where})",
            stage=first.stage,
            time=time,
            evidence=Evidence.NAMED,
            key=(Kind.OFF_CORE, "", task),
            row=longest.row,
            words=f"the scheduler ran {task or 'something else'} while the thread waited for nothing",
        )
    ]


def _more(case: Case) -> list[Suspect]:
    over = [one for one in case.excesses if one.more > 0.0 and one.kind is not Kind.COPY]
    work = [one for one in over if one.kind in (Kind.OPERATOR, Kind.KERNEL, Kind.CALL)]
    if not work:
        return []
    first = max(work, key=lambda one: (one.kind is not Kind.CALL, one.more))
    time = summed(one.more for one in over)
    words = f"{first.count:.0f} × {first.name} where {first.normal.count:.0f} are usual, each as long as ever"
    found = blamed(case, first, Cause.MORE_OPS, time, words)
    return [replace(found, key=(Kind.OPERATOR, first.stage, "more"))]


def _extra(case: Case) -> list[Suspect]:
    over = [one for one in case.of(Kind.OPERATOR, Kind.CALL) if one.new > 0.0 and not is_copy(one)]
    if not over:
        return []
    first = over[0]
    words = f"no normal frame runs {first.name}" + witnesses.memory_words(case.frame)
    return [blamed(case, first, Cause.OP_EXTRA, summed(one.new for one in over), words)]


def _slow_operators(case: Case) -> list[Suspect]:
    over = [one for one in case.of(Kind.OPERATOR) if one.slower > 0.0 and _is_own(case, one)]
    changed = [one for one in over if case.shapes.are_new(case.frame, one.key)]
    found: list[Suspect] = []
    if changed:
        first, time = changed[0], summed(one.slower for one in changed)
        shape = case.shapes.new_shape(case.frame, first.key)
        words = f"{len(changed)} operators get shapes that no normal frame has: {shape}"
        new = blamed(case, first, Cause.OP_SLOW_NEW_SHAPE, time, words)
        found.append(replace(new, key=(Kind.OPERATOR, first.stage, "new shape")))
    return found + [_slow_operator(case, one) for one in over if one not in changed]


def _slow_operator(case: Case, one: Excess) -> Suspect:
    segments = [segment for segment in case.frame.segments if segment.key == one.key]
    longest = max(segments, key=lambda segment: segment.time, default=None)
    stalled = longest is not None and longest.time > 0.8 * one.slower
    single = one.count > 1 and stalled
    row, before = -1, ""
    if longest is not None and stalled:
        row, before = gaps.call_after(case.frame.view, longest)
    known = case.shapes.recorded
    shapes = " on shapes that are usual" if known else ""
    what = "one call of" if single else "the calls of"
    return Suspect(
        cause=Cause.OP_SLOW_SAME_SHAPE,
        culprit=one.name + before,
        stage=one.stage,
        time=one.slower,
        evidence=Evidence.LOCATED,
        key=one.key,
        row=row if row >= 0 else witnesses.row_of(case.frame, one.key),
        words=f"{what} {one.name} took longer{shapes}; the trace does not show why",
        wanted=witnesses.wanted_for_operator(known=known),
        single=single or one.count <= 1,
    )


def _is_own(case: Case, one: Excess) -> bool:
    """Whether an operator runs on the frame's thread, or on one that always has a part in the frame."""
    track = witnesses.track_of(case.frame, one.key)
    return track == case.frame.view.main or track in witnesses.regular_threads(case.normal, case)


def _gaps(case: Case) -> list[Suspect]:
    over = [one for one in case.of(Kind.GAP) if one.total - one.more > 0.0]
    own = [one for one in over if witnesses.track_of(case.frame, one.key) == case.frame.view.main]
    if not own:
        return []
    first = own[0]
    longest = max((s for s in case.frame.segments if s.key == first.key), key=lambda s: s.time)
    place = gaps.gap_place(case.frame.view, longest)
    return [
        Suspect(
            cause=Cause.HOST_GAP,
            culprit=f"host gap {place}",
            stage=first.stage,
            time=summed(one.total - one.more for one in own),
            evidence=Evidence.LOCATED,
            key=(Kind.GAP, first.stage, place),
            row=gaps.after_gap(case.frame.view, longest),
            words=gaps.gap_words(case.frame, first.key, longest),
            wanted=gaps.wanted_for_gap(case.frame.view),
            single=True,
        )
    ]


def _host_calls(case: Case) -> list[Suspect]:
    """Python functions, calls into the system and the profiler's own work: the trace names what held the thread."""
    return [
        replace(
            blamed(
                case,
                one,
                Cause.HOST_GAP,
                one.total - one.more,
                f"the host thread was in {one.name}",
            ),
            evidence=Evidence.NAMED
            if one.new > 0.0 or one.kind is not Kind.PYTHON or one.name.startswith("<built-in")
            else Evidence.LOCATED,
            wanted="" if one.new > 0.0 else witnesses.WANTED_SCHEDULER,
        )
        for one in case.of(Kind.PYTHON, Kind.SYSTEM, Kind.RECORDER)
        if one.total - one.more > 0.0
    ]


def _other_threads(case: Case) -> list[Suspect]:
    view = case.frame.view
    regular = witnesses.regular_threads(case.normal, case)
    times: dict[tuple[int, str], int] = {}
    for segment in case.frame.segments:
        foreign = segment.track != view.main and segment.kind not in DEVICE_KINDS
        if foreign and segment.track in view.timeline.threads and segment.track not in regular:
            at = segment.track, segment.name or segment.stage
            times[at] = times.get(at, 0) + segment.time
    found = [
        replace(
            blamed(
                case,
                one,
                Cause.WAIT_OTHER_THREAD,
                one.total,
                f"the thread waited in {one.name}; the trace does not show for whom",
            ),
            evidence=Evidence.LOCATED,
            wanted="profile_all_threads=True shows what the other threads did",
        )
        for one in case.of(Kind.LOCK)
        if one.total > 0.0
    ]
    if times:
        track, name = max(times, key=lambda at: times[at])
        thread = witnesses.thread_name(view.timeline.trace, track)
        found.append(
            Suspect(
                cause=Cause.WAIT_OTHER_THREAD,
                culprit=f"{name} on {thread}",
                stage=view.timeline.frames.name,
                time=float(summed(float(time) for time in times.values())),
                evidence=Evidence.NAMED,
                key=(Kind.LOCK, "", name),
                words=f"the frame's thread showed nothing while {thread} worked, and went on when it was done",
            )
        )
    return found


WITNESSES = (
    _collection,
    _off_core,
    _more,
    _extra,
    _slow_operators,
    _gaps,
    _host_calls,
    _other_threads,
)
"""What each of them finds in a spike, possibly nothing."""
