"""The pages of campaigns and rounds."""
