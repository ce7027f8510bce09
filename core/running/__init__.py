"""What every process of the service does: private files, its log, its presence, ticks and wake-ups."""
