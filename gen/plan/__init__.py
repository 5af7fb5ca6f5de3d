"""Which artifacts the group consists of, what each depended on, and which are out of date."""
