"""Whoever has a case in hand is rung and connected with its resident; neither sees the other's number."""
