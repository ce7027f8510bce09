"""Reports: what a round has come to, for print and for programs, and the proof that nobody was forgotten."""
