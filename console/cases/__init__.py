"""The pages of cases: the queue, and one case with what is done about it."""
