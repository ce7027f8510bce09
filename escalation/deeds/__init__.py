"""What people decide about a case besides taking and closing it: each is an event of its time line with its actor."""
