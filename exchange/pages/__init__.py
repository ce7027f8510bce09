"""The exchange's pages: the switchboard, and telephones in the browser."""
