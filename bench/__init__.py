"""Side-by-side measurements; their figures are kept in docs/performance.md."""
