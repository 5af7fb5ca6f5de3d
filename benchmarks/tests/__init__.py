"""Tests of the benchmark itself: a number is only worth what the corpus and the checks behind it are."""
