"""How figures, reports and tables look: style sheets, and the script that pages and sorts."""
