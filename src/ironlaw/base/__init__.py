"""Numbers, units, errors and equations: no domain knowledge."""
