"""The ground floor: settings, database, clock, event log, translations, errors."""

from core import zones

zones.use_pinned()
