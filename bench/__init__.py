"""Figures, measured as ratios within one run; nothing here is part of the product."""
