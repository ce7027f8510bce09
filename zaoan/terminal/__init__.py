"""What all commands share: options, tables, help and errors in the user's language."""
