"""The page of the duty roster, and the calendars of responders."""
