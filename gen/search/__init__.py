"""Finding documents: one analysis and one ranking, for the browser's shards, for Whoosh and for OpenSearch."""
