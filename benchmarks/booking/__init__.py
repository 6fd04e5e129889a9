"""How many bookings a second: a hold and its confirmation, through the core, on a real PostgreSQL."""
