"""The composition root: settings, wiring, the command line. Builds and runs; decides nothing."""
