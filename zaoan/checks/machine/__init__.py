"""What ``zaoan doctor`` looks at on the machine: clock, disk, database, broker, and what waits to be taken in."""
