"""What Today shows."""
