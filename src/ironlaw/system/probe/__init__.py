"""The machine at hand, measured: bandwidth by level, peak rates, dispatch, and the lab's operators on it."""
