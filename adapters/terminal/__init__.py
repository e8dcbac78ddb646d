"""The person port over the standard streams of the process."""
