"""Helpers of whom nobody accepts soon."""
