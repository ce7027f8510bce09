"""Use cases for homes and the areas in which they lie."""
