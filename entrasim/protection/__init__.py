"""What comes from outside is let in by a key, and in bearable portions."""
