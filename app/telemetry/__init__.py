"""What a process tells of itself: logs, counts, traces, crashes, and whether it is well."""
