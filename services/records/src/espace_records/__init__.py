"""Read models of the insured person's file."""
