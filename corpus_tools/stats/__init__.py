"""What counts: intervals, calendar bins, measures of association."""
