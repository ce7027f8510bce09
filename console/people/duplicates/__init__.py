"""One person who was written down twice: offered side by side, made one, or said to be two."""
