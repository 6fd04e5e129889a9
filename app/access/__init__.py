"""Who may steer: API keys for programs, accounts and sessions for staff, and what each role may do."""
