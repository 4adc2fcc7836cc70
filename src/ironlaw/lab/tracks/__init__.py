"""The tracks of the lab, one module each."""
