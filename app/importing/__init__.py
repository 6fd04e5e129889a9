"""Taking over workshops, services and closures from files: all of a file, or nothing of it."""
