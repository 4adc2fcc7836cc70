"""Faces: read input, paint output, convert units for people."""
