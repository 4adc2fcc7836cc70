"""For authors: constants with their sources, formulas, formatted numbers with their units, and hardware.

The four modules hold no number and no formula of their own; each name in them is the engine's.

>>> from ironlaw.book import constants, formatting, formulas, hardware
>>> chip = hardware.load_chip("h100-sxm")
>>> formatting.with_prefix(chip.bandwidth, "B/s")
'3.35 TB/s'
"""
