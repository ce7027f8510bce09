"""Systems outside that are told what happens: who wants to know, what waits to be told, and how it gets there."""
