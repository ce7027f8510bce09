"""Import and export: what a list says compared with who is known, and stored."""
