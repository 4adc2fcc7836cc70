"""Instruments describe: results in, picture descriptions out. Faces paint them."""
