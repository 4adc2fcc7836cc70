"""Caches in front of slow memories: which lines the weights of a kernel fetch, and what a fetch takes."""
