"""The pages of campaigns and their rounds."""
