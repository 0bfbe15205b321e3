"""Where a test may kill this service beyond the kernel's own places."""

CRASHPOINTS = (
    "procedures.file_stored",  # an attachment's bytes are stored, its procedure does not know of them yet
    "procedures.file_dropped",  # a procedure no longer refers to a file whose bytes are still there
)
