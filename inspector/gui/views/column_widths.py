"""How columns share the room there is, so that none is cut off at the edge."""

from collections.abc import Sequence


def shared_widths(wanted: Sequence[int], least: Sequence[int], room: int) -> tuple[int, ...]:
    """Return the widths of columns, pixels; 0 for one that is left out.

    Where there is room each gets what it wants and the first what is left over; where there is
    not, all give way in proportion, down to the least that can be read. If even that does not
    fit, columns are left out from the last on; the first always stays, at its least.

    Args:
        wanted: what each column would take to show all; 0 for one that holds nothing.
        least: what each needs to be of use; none needs more than it wants.
    """
    least = [min(pair) for pair in zip(least, wanted, strict=True)]
    last = len(wanted)
    while last > 1 and sum(least[:last]) > room:
        last -= 1
    over = max(0, room - sum(least[:last]))
    wishes = [want - little for want, little in zip(wanted[:last], least[:last], strict=True)]
    share = min(1.0, over / sum(wishes)) if sum(wishes) else 0.0
    widths = [little + int(wish * share) for little, wish in zip(least, wishes, strict=False)]
    widths[0] += max(0, room - sum(widths))
    return (*widths, *[0] * (len(wanted) - last))
