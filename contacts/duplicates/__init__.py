"""One person who was written down twice: found, offered, and made one only when somebody says so."""
