"""The office's pages for people: who is looked after, one file each, their homes, and who helps."""
