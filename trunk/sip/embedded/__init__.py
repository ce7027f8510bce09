"""baresip, embedded: the engine, and what is asked of the libraries inside it."""
