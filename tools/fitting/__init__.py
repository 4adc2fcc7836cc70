"""Fitting the calibrated forms to a directory of measured kernels."""
