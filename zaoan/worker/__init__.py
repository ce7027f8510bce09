"""Celery: transport of ticks and wake-ups, and its watchdog."""
