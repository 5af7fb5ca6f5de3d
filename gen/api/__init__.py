"""Searching over HTTP, for kiosks and other systems of the city: read-only, public, and the same whichever engine answers."""
