"""All documents' metadata, queryable; the one thing that pages ask."""
