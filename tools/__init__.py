"""What builds the package's own data; not shipped."""
