"""The demo: three phones whose messages take the same way as in the real world, beside the calendar they change."""
