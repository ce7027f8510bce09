"""Pages for staff: HTML, the stream of events behind it, and their words. No rule of the domain lives here."""
