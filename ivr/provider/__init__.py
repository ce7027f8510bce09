"""The provider port carried out: by whom it is, in a folder for each, and what they have in common."""
