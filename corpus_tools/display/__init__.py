"""What shows: HTML, results in tables, a report with its marks."""
