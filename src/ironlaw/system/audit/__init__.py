"""The audit of a recorded trace: its frames, how long they take, and what made the long ones long."""
