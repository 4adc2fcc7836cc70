"""Many kernels, many chips: a step of a workload on a node."""
