"""The same search, asked of others who take appointments: what do they need for it?"""
