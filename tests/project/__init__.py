"""The project as a whole: its documents, locks, licences and the order of its rooms."""
