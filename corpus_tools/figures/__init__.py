"""Figures: each from one table, as PDF, SVG and PNG, with its data, caption and alternative text."""
