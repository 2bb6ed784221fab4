"""Slack: events in by Socket Mode, cards out by the Web API."""
