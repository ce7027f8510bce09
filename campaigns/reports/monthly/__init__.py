"""The report of a month, for the joint meeting: what was asked and answered, and what a person had to look after."""
