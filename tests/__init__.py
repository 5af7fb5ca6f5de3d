"""Tests: `unit` mirrors `gen/`, `property` searches for counterexamples of the design's laws."""
