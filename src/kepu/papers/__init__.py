"""Official documents: composed from kept figures, approved by another than the writer, numbered, issued."""
