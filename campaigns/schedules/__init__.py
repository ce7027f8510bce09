"""Schedules: on which days and at which local times a campaign has its rounds."""
