"""Sources of users, groups and assignments."""
