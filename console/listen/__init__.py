"""The page on which a whole call is heard before anybody is rung."""
