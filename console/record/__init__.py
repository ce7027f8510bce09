"""The page on which staff record what is heard in place of the synthetic voice."""
