"""Figures, each from one table, as PDF, SVG and PNG with data, caption and alternative text."""
