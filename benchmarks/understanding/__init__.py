"""How well and how fast messages are understood, beside the libraries one could have picked."""
