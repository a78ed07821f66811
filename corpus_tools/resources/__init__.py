"""Word lists and weights that come with the package."""
