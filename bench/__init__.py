"""How fast we are against others on the same texts in the same run: `make bench`. No part of the package."""
