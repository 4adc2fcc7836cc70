"""Heat: a network of heat capacities and conductances, its leakage and its governor, solved without a step size."""
