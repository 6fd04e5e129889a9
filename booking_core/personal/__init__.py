"""Personal data: what each column holds, whose it is, and how it is handed out, erased and forgotten."""
