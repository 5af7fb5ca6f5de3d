"""gen: one repository of content in, every site of a city government out."""
