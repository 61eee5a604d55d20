"""Where clean rows wait: a partition of the staging tables for each load, and statements over whole sets of them."""
