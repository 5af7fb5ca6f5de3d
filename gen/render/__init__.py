"""From an artifact and the answers it asks for to bytes: pure functions, so that they run anywhere."""
