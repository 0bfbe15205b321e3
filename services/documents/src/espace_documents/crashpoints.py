CRASHPOINTS = ("documents.after_archive",)
"""Where a test may kill this service beside the kernel's own places: a file is stored, and nothing refers to it yet."""
