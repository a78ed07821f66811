"""The number of topics: fits with several numbers to several subsamples, and a rule that picks one."""
