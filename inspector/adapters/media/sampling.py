"""Which frames of a clip are looked at: spread over time, and cheap to reach."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence


def choose_frames(
    times_s: Sequence[float], keyframes: Sequence[int], count: int | None
) -> list[int]:
    """Return the indices of the frames to decode, rising, each once.

    The wanted times are the middles of ``count`` equal parts of the clip. A wanted frame moves
    to the nearest keyframe within half a part, since a keyframe decodes alone. Where long gaps
    leave fewer than half as many frames as asked for, frames are spread by number instead.

    Args:
        times_s: presentation times of all frames, rising.
        keyframes: indices of the frames that decode alone, rising; may be empty.
        count: how many are wanted, at least 1; None for all.
    """
    total = len(times_s)
    if count is None or total <= count:
        return list(range(total))
    start, length = times_s[0], times_s[-1] - times_s[0]
    wanted = {
        max(0, bisect_right(times_s, start + length * (part + 0.5) / count) - 1)
        for part in range(count)
    }
    if 2 * len(wanted) < count:
        wanted = {int((part + 0.5) * total / count) for part in range(count)}
    reach = total / count / 2
    chosen: set[int] = set()
    for frame in sorted(wanted):
        near = _nearest(keyframes, frame)
        snap = near is not None and abs(near - frame) <= reach and near not in chosen
        chosen.add(near if snap and near is not None else frame)
    return sorted(chosen)


def keyframe_before(keyframes: Sequence[int], frame: int) -> int:
    """Return the last keyframe at or before a frame; the first frame where there is none."""
    at = bisect_right(keyframes, frame) - 1
    return keyframes[at] if at >= 0 else 0


def _nearest(keyframes: Sequence[int], frame: int) -> int | None:
    at = bisect_left(keyframes, frame)
    around = keyframes[max(0, at - 1) : at + 1]
    return min(around, key=lambda key: abs(key - frame)) if around else None
