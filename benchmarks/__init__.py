"""Speed and memory of gen, measured on a corpus of our own, beside Hugo and beside plain writing."""
