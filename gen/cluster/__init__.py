"""A crew on other machines: `crew.py` hands out tasks, `relay.py` and `hand.py` do them, `depot.py` is what both share."""
