"""The public API: workshops, services, free times, and appointments for whoever can prove that they are theirs."""
