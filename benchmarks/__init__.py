"""The figures of the service, each one command that prints the figure and what it compares with."""
