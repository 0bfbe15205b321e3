"""Leave for family reasons: how much of it a parent may still take for each child.

The rules are those the CNS publishes: 12 days from birth to 3 completed, 18 from 4 to 12 completed, 5 from 13 to 17 completed and then
only while the child is in hospital; once per age band, child and parent, for working days; doubled and without a limit of age while the
child receives the special supplementary allowance; extensions and isolation measures apart. They are public information restated, not a
legal opinion: the fund alone decides.

Where nothing is published, this is how it is counted: a child born on 29 February completes a year of life with 28 February where there is
no 29th; a part of a day counts in minutes of the parent's own working day; absences that overlap count once a day; a day for two children
counts for each, and is named.
"""
