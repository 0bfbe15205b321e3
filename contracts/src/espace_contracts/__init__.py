"""What the parts of the insured eSpace say to each other: events, topics, vocabulary."""
