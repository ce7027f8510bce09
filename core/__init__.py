"""The ground floor: settings, database, clock, event log, translations, errors."""
