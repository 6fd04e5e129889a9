"""What is true: workshops, hours, slots, reservations, appointments, audit."""
