"""The Iron Law: the time of one kernel on one chip, in terms."""
