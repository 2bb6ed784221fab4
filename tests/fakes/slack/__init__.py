"""The Slack platform on this machine: its Web API, Socket Mode, response addresses and files, as strict as Slack is."""
