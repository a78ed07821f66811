"""What is marked in a report: one module per layer, with its rules and its declaration."""
