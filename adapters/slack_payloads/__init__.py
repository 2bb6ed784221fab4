"""Slack's messages as they come, in events and in exports alike. Pure: knows payloads, no files and no SDK."""
