"""Sound as a telephone plays it, and whether it is speech."""
