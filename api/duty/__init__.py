"""The roster as JSON: shifts, absences, and who is on duty."""
