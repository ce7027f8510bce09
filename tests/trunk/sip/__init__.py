"""Dialogs and who may open them."""
