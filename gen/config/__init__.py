"""`sites.yaml`, resolved once into frozen values; nothing after this package reads the raw file."""
