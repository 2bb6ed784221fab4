"""What ``make bench`` and ``make quality`` run."""
