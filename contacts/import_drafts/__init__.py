"""Lists that are sent by a page: kept, looked at, mended and imported."""
