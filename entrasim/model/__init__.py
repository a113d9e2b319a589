"""The frozen nouns: what is talked about, without I/O, clock or wire format."""
