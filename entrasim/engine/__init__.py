"""The engine: decides what must happen to whom, and knows nobody outside its ports."""
