"""A speech enhancer on a microcontroller: its weight matrices, its frame, and the power of waking up for it."""
