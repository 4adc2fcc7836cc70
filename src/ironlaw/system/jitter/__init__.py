"""The jitter generator: a discrete-event model of the PointPillars pipeline, with root causes of rare slow frames."""
