"""Slack: what comes from it, and what is shown on it."""
