"""Signing in as an application: OAuth's client credentials, as the Microsoft identity platform."""
