"""Whoever is at the other end of a line: the number they ring from, PINs guessed at, numbers never to be rung."""
