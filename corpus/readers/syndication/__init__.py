"""Forms in which publishers and agencies send news to others."""
