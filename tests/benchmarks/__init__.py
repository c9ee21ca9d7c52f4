"""Speed, always beside a peer or a floor measured in the same run; only the ratios mean something."""
