"""What strangers are given: editions that are swapped whole, behind a gate, for a bounded crowd."""
