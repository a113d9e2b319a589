"""What keeps a cycle from doing harm."""
