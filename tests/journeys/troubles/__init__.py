"""Stories in which something breaks."""
