"""Hardware, models and calibration: numbers with sources, no formulas."""
